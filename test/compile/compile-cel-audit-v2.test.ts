import { afterEach, beforeAll, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import type { Switches } from '../../_dev/cloudflare/switches.ts';
import { compileAgentTemplate } from '../../src/compile/compile-agent-template.ts';
import type { PackageDefinition, StreamDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { programOrSkip } from '../skipping.ts';
import { renderAgentTemplate } from './render-agent-template.ts';
import { type CelRound, runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const HOUR = 3_600_000;
const a = 'a'.repeat(32);
const b = 'b'.repeat(32);

let definition: PackageDefinition;
let cloudflare: SimulatedCloudflare | undefined;
beforeAll(async () => {
  definition = await readDefinition('.');
});
afterEach(async () => {
  expect(cloudflare?.ledger.bugs).toEqual([]);
  await cloudflare?.close();
});

async function start(options: CloudflareOptions): Promise<SimulatedCloudflare> {
  cloudflare = await startCloudflare({ limits: 'off', ...options });
  return cloudflare;
}

/** Runs the program with what the rendered template hands it. */
function run(api: SimulatedCloudflare, variables: Readonly<Record<string, string>>, state: object = {}, rounds = 100): Promise<readonly CelRound[]> {
  const stream = definition.streams.find(({ name }) => name === 'audit') as StreamDefinition;
  const given = { api_url: api.url, api_token: DEMO_CREDENTIALS[0].token, interval: '5m', initial_interval: '3h', ...variables };
  const config = renderAgentTemplate(String(compileAgentTemplate(stream, definition)), { ...given, account_id: api.accounts.map(({ id }) => id) });
  return runSource(mito, stream, { ...config.state, url: api.url, ...state }, rounds);
}

function idsOf(rounds: readonly CelRound[], source: string, account: string): readonly string[] {
  const events = toPublished(rounds).filter(({ _conf }) => _conf.source === source && _conf.account_id === account);
  return events.map(({ message }) => (JSON.parse(String(message)) as { readonly id: string }).id);
}

/** What version 2 has between the start of the first request for an account and where its cursor stands. */
function expectedOf(api: SimulatedCloudflare, rounds: readonly CelRound[], account: string): readonly string[] {
  const first = api.ledger.requests.find(({ path }) => path === `/accounts/${account}/logs/audit`);
  const until = String(rounds.at(-1)?.cursor?.[`v2/${account}`]?.until);
  return api.ledger.auditEventsV2(account, String(first?.query.since), until).map(({ id }) => String(id));
}

const answers: readonly Partial<Switches>[] = [{}, { v2Cursor: 'cursors.after', v2Count: 'number' }, { v2LastCursor: true }, { emptyResult: 'null' }];

describeProgram('the CEL program of audit logs, version 2', () => {
  it.each(answers)('publishes every event of the ledger once, with %j', async (switches) => {
    const accounts = [
      { id: a, auditEventsPerHour: 1500 },
      { id: b, auditEventsPerHour: 0 },
    ];
    const api = await start({ accounts, switches });
    const rounds = await run(api, { audit_api: 'v2' });
    const ids = idsOf(rounds, 'v2', a);
    expect(ids.length).toBeGreaterThan(3000);
    expect(ids).toEqual(expectedOf(api, rounds, a));
    expect(Object.keys(rounds.at(-1)?.cursor ?? {}).toSorted()).toEqual([`v2/${a}`, `v2/${b}`]);
    expect(api.ledger.requests.every(({ path }) => path.endsWith('/logs/audit'))).toBe(true);
    expect(rounds.at(-1)).toMatchObject({ want_more: false, work: { scope: 0 } });
  });

  it.each([1, 2])('loses nothing where the server repeats a cursor, from the request %i with one on', async (nth) => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 1500 }] });
    const fault = api.faults.add({ answer: { repeatCursor: true }, match: { nth, times: 2 } });
    const rounds = await run(api, { audit_api: 'v2' });
    expect(new Set(idsOf(rounds, 'v2', a))).toEqual(new Set(expectedOf(api, rounds, a)));
    expect([fault.struck(), rounds.at(-1)?.want_more]).toEqual([2, false]);
  });

  it('comes to an end where the server always repeats the cursor', async () => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 1500 }] });
    api.faults.add({ answer: { repeatCursor: true } });
    const rounds = await run(api, { audit_api: 'v2' });
    expect(new Set(idsOf(rounds, 'v2', a))).toEqual(new Set(expectedOf(api, rounds, a)));
    expect(rounds.at(-1)?.want_more).toBe(false);
  });

  it('reads a window again, shorter, where a cursor is refused', async () => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 1500 }] });
    api.faults.add({ answer: { status: 400, body: '{"success":false,"errors":[{"message":"bad request: cursor is invalid"}]}' }, match: { nth: 2, times: 1 } });
    const failed = await run(api, { audit_api: 'v2' });
    expect(failed.at(-1)).toMatchObject({ events: { error: { message: expect.stringContaining('answered 400') as string } }, failures: { [`v2/${a}`]: 1 } });
    expect(failed.at(-1)).not.toHaveProperty('cursor');
    const rounds = await run(api, { audit_api: 'v2' }, { failures: failed.at(-1)?.failures });
    expect(new Set(idsOf([...failed, ...rounds], 'v2', a))).toEqual(new Set(expectedOf(api, rounds, a)));
  });

  it('reads both, each with a cursor of its own', async () => {
    const api = await start({
      accounts: [
        { id: a, auditEventsPerHour: 100 },
        { id: b, auditEventsPerHour: 100 },
      ],
    });
    const rounds = await run(api, { audit_api: 'both' });
    for (const account of [a, b]) {
      expect(idsOf(rounds, 'v2', account)).toEqual(expectedOf(api, rounds, account));
      expect(idsOf(rounds, 'v1', account).length).toBeGreaterThan(idsOf(rounds, 'v2', account).length);
    }
    expect(Object.keys(rounds.at(-1)?.cursor ?? {}).toSorted()).toEqual([a, b, `v2/${a}`, `v2/${b}`].toSorted());
  });

  it.each(['v2', 'both'])('starts where version 1 stood when it is switched to %s, five minutes back', async (audit_api) => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 100 }] });
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 - 7 * HOUR).toISOString().replace('.000Z', 'Z');
    const rounds = await run(api, { audit_api }, { cursor: { [a]: { until } } });
    const first = api.ledger.requests.find(({ path }) => path.endsWith('/logs/audit'));
    expect(Date.parse(String(first?.query.since))).toBe(Date.parse(until) - 300_000);
    expect(idsOf(rounds, 'v2', a)).toEqual(expectedOf(api, rounds, a));
  });

  it('never asks for what lies before 2026-03-10', async () => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 0 }] });
    await run(api, { audit_api: 'v2' }, { cursor: { [a]: { until: '2026-02-01T00:00:00Z' } } }, 1);
    expect(api.ledger.requests[0]?.query.since).toBe('2026-03-10T00:00:00Z');
  });

  it('reads version 1 where nothing is said', async () => {
    const api = await start({ accounts: [{ id: a, auditEventsPerHour: 100 }] });
    await run(api, { audit_api: 'v1' });
    expect(api.ledger.requests.every(({ path }) => path.endsWith('/audit_logs'))).toBe(true);
  });
});
