import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLookUps } from '../../src/enrichment/open-look-ups.ts';
import { compileRunner, type Envelope, type Runner } from '../../src/pipeline/local/compile-runner.ts';
import { lookedUpFields } from '../../src/pipeline/looked-up-fields.ts';
import type { JsonObject } from '../../src/pipeline/value.ts';
import { engineOrSkip } from '../engines.ts';
import { openServerRunner, type ServerRunner } from '../pipeline/server-runner.ts';
import { converted, streamOf } from '../pipeline/sketches.ts';
import { ADDRESSES } from './addresses.ts';
import { databasesOrSkip } from './databases-or-skip.ts';
import { NEWER_AGENTS, USER_AGENTS } from './user-agents.ts';

const given = await engineOrSkip({ ingest: true });
const { databases, describeDatabases } = databasesOrSkip(given);
const NOW = new Date('2001-02-03T04:05:06.789Z');

const STREAM = streamOf([
  converted('source.ip', 'ip', 'ip'),
  { name: 'source.geo', origin: { kind: 'enrich', enrich: 'geo', from: 'source.ip' } },
  { name: 'source.as', origin: { kind: 'enrich', enrich: 'as', from: 'source.ip' } },
  converted('user_agent.original', 'ua'),
  { name: 'user_agent', origin: { kind: 'enrich', enrich: 'user_agent', from: 'user_agent.original' } },
]);

/** The dotted paths of all leaves; a place counts as one. */
function listLeaves(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || path.endsWith('.location')) return [path];
  return Object.entries(value).flatMap(([key, child]) => listLeaves(child, path === '' ? key : `${path}.${key}`));
}

describeDatabases('what the edge looks up, against a real Elasticsearch', () => {
  let server: ServerRunner;
  let run: Runner;
  beforeAll(async () => {
    server = await openServerRunner(given.engine, `test-enrichment-${process.pid}`, STREAM);
    run = compileRunner(STREAM, await openLookUps(databases, 'settings.yml'));
  });
  afterAll(() => server?.close());

  /** Both backends' documents of each record, without tags: the server's may say that a database is missing for an address. */
  async function runBoth(records: readonly object[]): Promise<readonly (readonly [server: JsonObject | undefined, edge: JsonObject])[]> {
    const events = records.map((record, id): Envelope => ({ message: JSON.stringify({ id, ...record }), _conf: {} }));
    const stored = await server.run(events);
    return events.map((event, index) => [stored[index]?.document, run(event, NOW).document] as const);
  }

  it('places and networks are equal, for every address', async () => {
    const results = await runBoth(ADDRESSES.map((ip) => ({ ip })));
    for (const [index, [stored, edge]] of results.entries()) expect(edge.source, ADDRESSES[index]).toEqual(stored?.source);
    const leaves = new Set(results.flatMap(([, { source }]) => listLeaves({ source })));
    expect(leaves).toEqual(new Set(['source.ip', ...lookedUpFields(STREAM).filter((field) => field.startsWith('source.'))]));
    expect(results.filter(([, { source }]) => 'geo' in (source as JsonObject)).length).toBeGreaterThan(10);
    expect(results.filter(([, { source }]) => !('geo' in (source as JsonObject))).length).toBeGreaterThan(10);
  });

  it('user agents are equal, but for those that uap-core has learnt since', async () => {
    const results = await runBoth(USER_AGENTS.map((ua) => ({ ua })));
    for (const [index, [stored, edge]] of results.entries()) expect(edge.user_agent, USER_AGENTS[index]).toEqual(stored?.user_agent);
    const leaves = new Set(results.flatMap(([, { user_agent }]) => listLeaves({ user_agent })));
    expect(leaves).toEqual(new Set(['user_agent.original', ...lookedUpFields(STREAM).filter((field) => field.startsWith('user_agent.'))]));
  });

  it('of those, names and types of the fields are the same', async () => {
    const allowed = new Set([...lookedUpFields(STREAM), 'user_agent.original']);
    for (const [stored, edge] of await runBoth(NEWER_AGENTS.map((ua) => ({ ua })))) {
      expect(edge.user_agent).not.toEqual(stored?.user_agent);
      const { user_agent } = edge;
      expect(listLeaves({ user_agent }).filter((field) => !allowed.has(field))).toEqual([]);
      expect(JSON.stringify(user_agent)).not.toMatch(/:(\d|null|true|false|\[)/);
    }
  });
});
