import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { ServedRequest } from '../../_dev/cloudflare/ledger.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { send } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { compareWithLedger, NO_DEVIATIONS } from './compare-with-ledger.ts';
import { readAskedUntil, toAuditRecords, toLogpullRecords } from './expected-records.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, reachNextSecond, type SmallWorld, toMinute, ZONE } from './small-world.ts';
import { withSmallWorld } from './with-small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = toMinute(Date.now());

interface Totals {
  readonly streams: Readonly<Record<string, Readonly<Record<'read' | 'created' | 'duplicate' | 'dead', number>>>>;
}

let scene: Scene;

const withWorld = (options: CloudflareOptions, act: (world: SmallWorld) => Promise<void>): Promise<void> => withSmallWorld(scene, options, act);

async function collect(world: SmallWorld, file: string): Promise<Totals['streams']> {
  const ended = await world.collect(file);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  return (JSON.parse(ended.stdout) as Totals).streams;
}

const requestsOf = ({ cloudflare }: SmallWorld, end: string): readonly ServedRequest[] => cloudflare.ledger.requests.filter(({ path }) => path.endsWith(end));

/** Both streams, request logs from further back. */
const toConnection = (world: SmallWorld, initial_interval: string): object =>
  world.toConnection({ streams: { audit: { account_id: ACCOUNT, initial_interval: '50h' }, logpull: { zone_id: ZONE, initial_interval, interval: '1s' } } });

describeEngine('what collectors before this one lost, stored twice or never got', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it('weakness 3: no page size cuts request logs off', async () => {
    await withWorld({ zones: [{ linesPerHour: 3000 }] }, async (world) => {
      const { logpull } = await collect(world, await world.configure());
      expect(logpull?.created).toBeGreaterThan(5000);
      for (const { query } of requestsOf(world, '/logs/received')) expect(Object.keys(query).toSorted()).toEqual(['end', 'fields', 'start', 'timestamps']);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('weakness 4: a quiet zone is passed over, each hour of it asked for once', async () => {
    await withWorld({ zones: [{ linesFrom: START - 40 * MINUTE }] }, async (world) => {
      await collect(world, await world.configure([toConnection(world, '9h')]));
      const asked = requestsOf(world, '/logs/received').map(({ query }) => query.start);
      expect(asked.length).toBeGreaterThanOrEqual(9);
      expect(new Set(asked).size).toBe(asked.length);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it.each(['empty', 400] as const)('weakness 5: exactly a page of events is read once, where the page behind it answers %s', async (pastLastPage) => {
    const options = { accounts: [{ auditEventsPerHour: 0, bursts: [{ at: START - 3 * HOUR, count: 1000 }] }], switches: { pastLastPage } };
    await withWorld(options, async (world) => {
      const file = await world.configure();
      expect((await collect(world, file)).audit).toMatchObject({ read: 1000, created: 1000 });
      const before = requestsOf(world, '/audit_logs').length;
      expect((await collect(world, file)).audit).toMatchObject({ read: 0 });
      const again = requestsOf(world, '/audit_logs').slice(before);
      for (const { query } of again) expect(Date.parse(query.since ?? '')).toBeGreaterThan(START - 10 * MINUTE);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('weakness 6: an answer that breaks off is asked for again, and none of it is lost or stored twice', async () => {
    await withWorld({}, async (world) => {
      const fault = world.cloudflare.faults.add({ match: { path: '/logs/received', nth: 2, times: 2 }, answer: { errorTrailer: 20 } });
      const { logpull } = await collect(world, await world.configure());
      expect(fault.struck()).toBe(2);
      expect(logpull?.created).toBeGreaterThan(100);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('weakness 7: nothing is asked before the time that Cloudflare names is over', async () => {
    await withWorld({}, async (world) => {
      const answer = { error: '11_429_971_throttle', headers: { 'retry-after': '3', ratelimit: '' } };
      world.cloudflare.faults.add({ match: { path: '/audit_logs', nth: 2, times: 1 }, answer });
      await collect(world, await world.configure());
      const refused = world.cloudflare.ledger.requests.find(({ status }) => status === 429) as ServedRequest;
      const audit = requestsOf(world, '/audit_logs').filter(({ atMs }) => atMs > refused.atMs);
      expect(audit.length).toBeGreaterThan(0);
      for (const { atMs } of audit) expect(atMs - refused.atMs).toBeGreaterThanOrEqual(3000);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('weakness 9: events that appear late are found, and a long interval catches up in one poll', async () => {
    const options = { accounts: [{ auditEventsPerHour: 600, eventsFrom: START - HOUR }], switches: { indexingDelayMs: 300_000 } };
    await withWorld(options, async (world) => {
      const streams = {
        audit: { account_id: ACCOUNT, initial_interval: '50h', interval: '1h' },
        logpull: { zone_id: ZONE, initial_interval: '150m', interval: '1h' },
      };
      const file = await world.configure([world.toConnection({ streams })]);
      const first = await collect(world, file);
      expect(first.logpull?.created).toBeGreaterThan(100);
      const late = readAskedUntil(world.cloudflare.ledger, ACCOUNT);
      world.cloudflare.clock.advance(300_000);
      await reachNextSecond();
      const second = await collect(world, file);
      expect(second.audit?.duplicate, 'of what lies in the overlap, only the late is new').toBeGreaterThan(0);
      const stored = await world.readStream('audit');
      expect(stored.length).toBeGreaterThanOrEqual(toAuditRecords(world.cloudflare.ledger, ACCOUNT, { since: world.from.audit, before: late }).length);
      expect(first.audit?.created).toBeLessThan(stored.length);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('weakness 11: the first poll reaches back as far as it is told, whatever the interval', async () => {
    await withWorld({ zones: [{ linesPerHour: 30, linesFrom: START - 12 * HOUR }] }, async (world) => {
      await collect(world, await world.configure([toConnection(world, '13h')]));
      expect((await world.readStream('logpull')).length).toBeGreaterThan(300);
      const until = readAskedUntil(world.cloudflare.ledger, ZONE);
      const expected = toLogpullRecords(world.cloudflare.ledger, ZONE, { since: START - 13 * HOUR, before: until });
      const given = { definition: scene.definition, stream: 'logpull', namespace: world.namespace, expected };
      expect(compareWithLedger({ ...given, stored: await world.readStream('logpull') })).toEqual(NO_DEVIATIONS);
    });
  });

  it('weakness 12: one connection collects many accounts and zones', async () => {
    const [accounts, zones] = [
      ['a7', 'a8', 'a9'],
      ['b7', 'b8', 'b9'],
    ].map((list) => list.map((id) => id.repeat(16))) as [string[], string[]];
    const places = {
      accounts: accounts.map((id) => ({ id, eventsFrom: START - 5 * HOUR, auditEventsPerHour: 20 })),
      zones: zones.map((id) => ({ id, linesFrom: START - 2 * HOUR, linesPerHour: 60 })),
    };
    await withWorld(places, async (world) => {
      const streams = { audit: { account_id: accounts, initial_interval: '6h' }, logpull: { zone_id: zones, initial_interval: '3h' } };
      await collect(world, await world.configure([world.toConnection({ streams, api_token: DEMO_CREDENTIALS[0].token })]));
      const { ledger } = world.cloudflare;
      const since = START - 6 * HOUR;
      const expected = {
        audit: accounts.flatMap((id) => toAuditRecords(ledger, id, { since, before: readAskedUntil(ledger, id) })),
        logpull: zones.flatMap((id) => toLogpullRecords(ledger, id, { since, before: readAskedUntil(ledger, id) })),
      };
      for (const stream of ['audit', 'logpull'] as const) {
        expect(expected[stream].length).toBeGreaterThan(200);
        const given = { definition: scene.definition, stream, namespace: world.namespace, expected: expected[stream] };
        expect(compareWithLedger({ ...given, stored: await world.readStream(stream) })).toEqual(NO_DEVIATIONS);
      }
    });
  });

  it('weakness 28: neither a rollover nor other fields store an event twice', async () => {
    await withWorld({ accounts: [{ auditEventsPerHour: 600, eventsFrom: START - HOUR }] }, async (world) => {
      const file = await world.configure();
      await collect(world, file);
      await send(scene.client, 'POST', `/${scene.dataStream('audit', world.namespace)}/_rollover`);
      await reachNextSecond();
      expect((await collect(world, file)).audit?.duplicate, 'the overlap is read again').toBeGreaterThan(0);
      expect(await world.compare()).toEqual(ALL_STORED);
      const lines = await world.readStream('logpull');
      // Another connection has a state of its own: it reads everything anew.
      const streams = { logpull: { zone_id: ZONE, initial_interval: '150m', fields: 'default' } };
      const { logpull } = await collect(world, await world.configure([world.toConnection({ name: 'again', streams })]));
      expect(logpull?.duplicate).toBe(lines.length);
    });
  });
});
