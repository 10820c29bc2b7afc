import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Envelope } from '../../src/pipeline/local/compile-runner.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import type { JsonObject } from '../../src/pipeline/value.ts';

/** One event of a fixture and the document that is expected of it. */
export interface Fixture {
  /** File and position, e.g. `test-logpull-all.json 0`. */
  readonly name: string;
  readonly event: Envelope & { readonly message: string };
  readonly expected: JsonObject;
}

const root = fileURLToPath(new URL('../../data_stream', import.meta.url));

/** All events in the fixtures of a data stream that become documents, in the order of their files; integers are exact. */
export function readFixtures(stream: string): readonly Fixture[] {
  return readAll(stream).flatMap(({ expected, ...fixture }) => (expected === null ? [] : [{ ...fixture, expected }]));
}

/** All events in the fixtures of a data stream that are expected to be left out; elastic-package writes null for the document. */
export function readLeftOut(stream: string): readonly Omit<Fixture, 'expected'>[] {
  return readAll(stream).flatMap(({ expected, ...fixture }) => (expected === null ? [fixture] : []));
}

function readAll(stream: string): readonly (Omit<Fixture, 'expected'> & { readonly expected: JsonObject | null })[] {
  const folder = join(root, stream, '_dev/test/pipeline');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !file.endsWith('-expected.json'));
  return files.sort().flatMap((file) => {
    const { events } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly events: readonly Fixture['event'][] };
    const { expected } = parseRecord(readFileSync(join(folder, `${file}-expected.json`), 'utf8')) as unknown as {
      readonly expected: readonly (JsonObject | null)[];
    };
    if (events.length !== expected.length) throw new Error(`${file} has ${events.length} events, and ${expected.length} documents are expected`);
    return events.map((event, index) => ({ name: `${file} ${index}`, event, expected: expected[index] ?? null }));
  });
}
