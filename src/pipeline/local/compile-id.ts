import { toDocumentId } from '../document-id.ts';
import { toEpochMs, toInstant } from '../parse-time.ts';
import type { IdSource, Step } from '../step.ts';
import { type JsonObject, type JsonValue, toInteger } from '../value.ts';
import { compileGet } from './path.ts';

/** What an id is cut from. */
export interface Identified {
  readonly record: JsonObject;
  readonly conf: JsonObject;
  readonly raw: string;
}

/** Compiles the id rule of a stream: the source is the one that `_conf.source` names, else the first. */
export function compileId(steps: readonly Step[]): (input: Identified) => string {
  const step = steps.find(({ kind }) => kind === 'id');
  const sources = step?.kind === 'id' ? step.sources : [];
  const first = compileSource(sources[0] ?? { name: '', scope: '', time: undefined, tuple: [] });
  const byName = new Map(sources.map((source) => [source.name, compileSource(source)]));
  return (input) => {
    const { source } = input.conf;
    return ((typeof source === 'string' ? byName.get(source) : undefined) ?? first)(input);
  };
}

function compileSource({ name, scope, time, tuple }: IdSource): (input: Identified) => string {
  const getTime = time === undefined ? () => undefined : compileGet(time);
  const getParts = tuple.map(compileGet);
  return ({ record, conf, raw }) => {
    const instant = toInstant(getTime(record));
    const scopeId = conf[scope];
    return toDocumentId({
      source: name,
      scopeId: typeof scopeId === 'string' ? scopeId : '',
      timeMs: instant && toEpochMs(instant),
      parts: getParts.map((get) => toIdPart(get(record))),
      raw,
    });
  };
}

function toIdPart(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : toInteger(value)?.toString();
}
