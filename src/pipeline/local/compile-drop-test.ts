import type { StreamDefinition } from '../../definition/definition.ts';
import { parseRecord } from '../parse-record.ts';
import { sliceForDrops } from '../place-drops.ts';
import { toSteps } from '../to-steps.ts';
import { isObject, type JsonObject } from '../value.ts';
import { runAll } from './compile-runner.ts';
import { compileStep } from './compile-step.ts';

/** The name of the declared rule that leaves the record out; undefined where none does, or it is no record. It never throws. */
export type DropTest = (message: string, conf: Readonly<Record<string, unknown>>) => string | undefined;

/** Compiles what of a stream's mapping tells whether a record is left out, and nothing else of it; undefined for a stream that leaves nothing out. */
export function compileDropTest(stream: StreamDefinition): DropTest | undefined {
  if (stream.drops.length === 0) return undefined;
  const acts = sliceForDrops(toSteps(stream))
    .map((step) => compileStep(step, {}))
    .filter((act) => act !== undefined);
  return (message, conf) => {
    const record = parse(message);
    return record && runAll(acts, { record, conf: conf as JsonObject, document: {}, errors: [] });
  };
}

function parse(message: string): JsonObject | undefined {
  try {
    const record = parseRecord(message);
    return isObject(record) ? record : undefined;
  } catch {
    // What Elasticsearch cannot read either is marked there.
    return undefined;
  }
}
