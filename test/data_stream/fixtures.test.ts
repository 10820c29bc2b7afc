import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { compareDocuments } from '../../src/pipeline/compare-documents.ts';
import { compileDropTest } from '../../src/pipeline/local/compile-drop-test.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { isAbsent, isObject, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import { engineOrSkip } from '../engines.ts';
import { differencesOf } from '../pipeline/differences.ts';
import { openServerRunner, type ServerRunner } from '../pipeline/server-runner.ts';
import { type Fixture, readFixtures, readLeftOut } from './read-fixtures.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const { streams } = await readDefinition('.');
const now = new Date('2001-02-03T04:05:06.789Z');

/** Fixtures whose documents differ from what is expected, and where. */
function listDifferent(
  fixtures: readonly Fixture[],
  compare: (fixture: Fixture, index: number) => readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(fixtures.map((fixture, index) => [fixture.name, compare(fixture, index)] as const).filter(([, paths]) => paths.length > 0));
}

function has(document: JsonObject, field: string): boolean {
  const value = field.split('.').reduce<JsonValue | undefined>((parent, key) => (isObject(parent) ? parent[key] : undefined), document);
  return !isAbsent(value);
}

describe.each(streams.map((stream) => [stream.name, stream] as const))('the fixtures of %s', (name, stream: StreamDefinition) => {
  const fixtures = readFixtures(name);
  const run = compileRunner(stream);

  it('become in process what is expected, but for what only Elasticsearch looks up', () => {
    expect(fixtures.length).toBeGreaterThan(0);
    const different = listDifferent(fixtures, ({ event, expected }) => {
      const local = run(event, now);
      return differencesOf(stream, { id: local.id, document: expected, refusal: undefined }, local, now);
    });
    expect(different).toEqual({});
  });

  it('have an event for each rule that leaves events out, kept where its variable says so', () => {
    const events = readLeftOut(stream.sameRecordAs ?? name);
    const leftOut = events.map(({ event }) => run(event, now).dropped);
    expect([...new Set(leftOut)].toSorted()).toEqual(stream.drops.map((drop) => drop.name).toSorted());
    const switches = Object.fromEntries(stream.drops.map(({ variable }) => [variable, false]));
    const kept = events.map(({ event }) => run({ ...event, _conf: { ...(event._conf as object), ...switches } }, now).dropped);
    expect(kept.filter((rule) => rule !== undefined)).toEqual([]);
  });

  it('are left out by the collector before it sends, where they are left out', () => {
    const test = compileDropTest(stream) ?? (() => undefined);
    const all = [...fixtures, ...readLeftOut(name)].map(({ event }) => event);
    expect(all.map((event) => test(event.message, event._conf as JsonObject))).toEqual(all.map((event) => run(event, now).dropped));
  });

  it('show each declared field with a value', () => {
    // A stream of the same record need not show again what only another source of the first fills.
    const shown = [...fixtures, ...(stream.sameRecordAs === undefined ? [] : readFixtures(stream.sameRecordAs))];
    const declared = stream.fields.filter(({ type }) => type !== 'group').map((field) => field.name);
    expect(declared.filter((field) => !shown.some(({ expected }) => has(expected, field)))).toEqual([]);
  });

  it('become documents without an error', () => {
    expect(fixtures.filter(({ expected }) => 'error' in expected).map((fixture) => fixture.name)).toEqual([]);
  });

  describeEngine('on an engine', () => {
    let server: ServerRunner | undefined;
    beforeAll(async () => {
      server = await openServerRunner(engine, `test-fixtures-${name}-${process.pid}`, stream);
    });
    afterAll(() => server?.close());

    it('become what is expected, under the ids that the collector gives', async () => {
      const stored = (await server?.run(fixtures.map(({ event }) => event))) ?? [];
      const different = listDifferent(fixtures, ({ event, expected }, index) => {
        const { id, document, refusal } = stored[index] ?? { id: '', document: undefined, refusal: null };
        if (document === undefined) return [`refused: ${JSON.stringify(refusal)}`];
        return [...compareDocuments(document, expected), ...(stream.sources.length === 0 || id === run(event, now).id ? [] : ['_id'])];
      });
      expect(different).toEqual({});
    });

    it('are left out where they are expected to be, each by its own rule', async () => {
      const leftOut = readLeftOut(name);
      const stored = (await server?.run(leftOut.map(({ event }) => event))) ?? [];
      expect(stored.filter(({ dropped }) => dropped !== true)).toEqual([]);
      const counts = stream.drops.map((drop) => [drop.name, leftOut.filter(({ event }) => run(event, now).dropped === drop.name).length]);
      expect(await server?.countDrops()).toEqual(Object.fromEntries(counts));
    });
  });
});

describe('the data streams', () => {
  it('all have fixtures', () => {
    const folders = readdirSync('data_stream');
    expect(streams.map(({ name }) => name).sort()).toEqual(folders.sort());
  });
});
