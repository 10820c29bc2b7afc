import { mix } from '../random.ts';
import type { LogpullRecord } from './logpull-record.ts';
import { compileLine, type LineForm } from './render-line.ts';

const PIECE_CHARACTERS = 65_536;
const UINT32 = 0x1_0000_0000;
const SAMPLE_PURPOSE = 2000;

export interface LineBodyOptions extends LineForm {
  readonly crlf?: boolean;
  /** Ends after so many lines. */
  readonly count?: number | undefined;
  /** Keeps this share of the lines; the same lines each time. */
  readonly sample?: number | undefined;
}

/** An NDJSON body of records in pieces of whole lines, made while it is read; `count` tells how many lines were made. */
export function createLineBody(records: Iterable<LogpullRecord>, options: LineBodyOptions): { readonly body: Iterable<Buffer>; readonly count: () => number } {
  const { count = Infinity, crlf = false, sample = 1 } = options;
  const render = compileLine(options);
  const lineEnd = crlf ? '\r\n' : '\n';
  let made = 0;
  function* makePieces(): Generator<Buffer> {
    let text = '';
    for (const record of records) {
      if (mix(record.salt, SAMPLE_PURPOSE) >= sample * UINT32) continue;
      text += render(record) + lineEnd;
      made += 1;
      if (made >= count) break;
      if (text.length < PIECE_CHARACTERS) continue;
      yield Buffer.from(text);
      text = '';
    }
    if (text !== '') yield Buffer.from(text);
  }
  return { body: makePieces(), count: () => made };
}
