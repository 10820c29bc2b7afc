import { mix } from '../random.ts';
import { FIELDS } from './fields.ts';
import type { RenderTime } from './logpull-field.ts';
import type { LogpullRecord } from './logpull-record.ts';

/** The forms of time that Logpull offers. */
export type Timestamps = 'unixnano' | 'unix' | 'rfc3339';

export interface LineForm {
  readonly fields: readonly string[];
  readonly timestamps: Timestamps;
  /** Every line's keys in an order of its own. */
  readonly shuffleKeys?: boolean;
  /** Makes `${` harmless, as the query parameter CVE-2021-44228 asks for. */
  readonly redact?: boolean;
}

const RENDER_TIME: Readonly<Record<Timestamps, RenderTime>> = {
  unixnano: (micros, nanos) => `${micros}${String(nanos).padStart(3, '0')}`,
  unix: (micros) => String(Math.floor(micros / 1_000_000)),
  rfc3339: (micros) => `"${new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19)}Z"`,
};

/**
 * The function that writes records as lines of JSON, without their line ends.
 * @throws {Error} for a field that does not exist
 */
export function compileLine({ fields, redact = false, shuffleKeys = false, timestamps }: LineForm): (record: LogpullRecord) => string {
  const renderTime = RENDER_TIME[timestamps];
  const columns = fields.map((name) => {
    const field = FIELDS[name];
    if (!field) throw new Error(`no field ${name}`);
    return { key: `"${name}":`, render: field.render };
  });
  const write = (record: LogpullRecord): string => {
    let text = '';
    for (const { key, render } of shuffleKeys ? shuffle(columns, record.salt) : columns)
      text += `${text === '' ? '{' : ','}${key}${render(record, renderTime)}`;
    return text === '' ? '{}' : `${text}}`;
  };
  return redact ? (record) => write(record).replaceAll('${', 'x{') : write;
}

function shuffle<T>(list: readonly T[], salt: number): readonly T[] {
  const shuffled = [...list];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = mix(salt, 1000 + last) % (last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
