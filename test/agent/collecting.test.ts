import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { FaultAnswer } from '../../_dev/cloudflare/faults.ts';
import type { ServedRequest } from '../../_dev/cloudflare/ledger.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { programOrSkip } from '../skipping.ts';
import { type FileWorld, openFileWorld, type SentEvent } from './file-agent.ts';
import type { Cursor } from './filebeat.ts';

const { path: program, describeProgram } = programOrSkip('FILEBEAT', 'Filebeat, by which Elastic Agent collects,');

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)];
const [Y, Z] = ['1'.repeat(32), `${'2'.repeat(31)}e`];

async function withWorld(options: CloudflareOptions, act: (world: FileWorld) => Promise<void>): Promise<void> {
  const world = await openFileWorld(program, options);
  try {
    await act(world);
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  } finally {
    await world.close();
  }
}

/** All of these cursors have reached the present, but for the lag of the stream. */
function haveCaughtUp(keys: readonly string[], lagMs: number): (cursor: Cursor) => boolean {
  const begun = Date.now();
  return (cursor) => keys.every((key) => Date.parse(cursor[key]?.until ?? '') >= begun - lagMs);
}

const AUDIT_LAG = MINUTE;
const LOGPULL_LAG = 5 * MINUTE;

/** The requests for records of an account or zone. */
function requestsFor({ cloudflare }: FileWorld, id: string): readonly ServedRequest[] {
  return cloudflare.ledger.requests.filter(({ path, query }) => path.includes(id) && (query.since ?? query.start) !== undefined);
}

function lengthOf({ query }: ServedRequest): number {
  return Date.parse(String(query.before ?? query.end)) - Date.parse(String(query.since ?? query.start));
}

function messagesOf(events: readonly SentEvent[], id: string): readonly string[] {
  return events.filter(({ _conf }) => _conf.account_id === id || _conf.zone_id === id).map(({ message }) => message);
}

function idsOf(events: readonly SentEvent[], id: string): readonly string[] {
  return messagesOf(events, id).map((message) => (JSON.parse(message) as { readonly id: string }).id);
}

/** The end of the last window that was asked for. */
function askedUntil(world: FileWorld, id: string): string {
  return requestsFor(world, id)
    .map(({ query }) => String(query.before ?? query.end))
    .toSorted()
    .at(-1) as string;
}

/** What was sent otherwise than the ledger says, from the first request for an account on; what lies behind its cursor may be sent already. */
function compareIds(world: FileWorld, id: string, { until = '' }: { readonly until?: string } = {}, events: readonly SentEvent[]): object {
  const [first] = requestsFor(world, id);
  const read = (before: string) => world.cloudflare.ledger.auditEvents(id, String(first?.query.since), before).map((event) => String(event.id));
  const sent = new Set(idsOf(events, id));
  const known = new Set(read(askedUntil(world, id)));
  return { missing: read(until).filter((one) => !sent.has(one)), unexpected: [...sent].filter((one) => !known.has(one)) };
}

/** The same for the lines of a zone, byte for byte; none is sent twice. */
function compareLines(world: FileWorld, id: string, { until = '' }: { readonly until?: string } = {}, events: readonly SentEvent[]): object {
  const [first] = requestsFor(world, id);
  const fields = String(first?.query.fields).split(',');
  const read = (end: string) => [...world.cloudflare.ledger.logpullLines(id, String(first?.query.start), end, { fields })];
  const lines = messagesOf(events, id);
  const [sent, known] = [new Set(lines), new Set(read(askedUntil(world, id)))];
  return { missing: read(until).filter((one) => !sent.has(one)), unexpected: [...sent].filter((one) => !known.has(one)), doubled: lines.length - sent.size };
}

const SAME_IDS = { missing: [], unexpected: [] };
const SAME_LINES = { ...SAME_IDS, doubled: 0 };

describeProgram('Elastic Agent', () => {
  it.concurrent('keeps one cursor for each account and version, which is text, and moves it where nothing happens', async () => {
    const accounts = [{ id: A }, { id: B, auditEventsPerHour: 0 }];
    await withWorld({ accounts }, async (world) => {
      const agent = await world.openAgent('audit', { audit_api: 'both', initial_interval: '30h' });
      await agent.start();
      const keys = [A, B, `v2/${A}`, `v2/${B}`];
      const cursor = await agent.untilCursor(haveCaughtUp(keys, AUDIT_LAG));
      await agent.stop();
      expect(Object.keys(cursor).toSorted()).toEqual(keys.toSorted());
      for (const { until } of Object.values(cursor)) expect(until).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(await readFile(join(agent.folder, 'data', 'registry', 'filebeat', 'log.json'), 'utf8')).not.toMatch(/\de\+\d/);
      const events = await agent.readEvents();
      expect(
        compareIds(
          world,
          A,
          cursor[A],
          events.filter(({ _conf }) => _conf.source === 'v1'),
        ),
      ).toEqual(SAME_IDS);
      expect(messagesOf(events, B)).toEqual([]);
      expect(requestsFor(world, B).length).toBeGreaterThanOrEqual(4);
      expect(events.some((event) => 'error' in event || event._conf.empty !== undefined)).toBe(false);
    });
  });

  it.concurrent('goes on with the next account where one is refused, and the log says which', async () => {
    const credentials = [{ ...DEMO_CREDENTIALS[0], grants: { [B]: ['Account Settings Read'] } }] as const;
    await withWorld({ accounts: [{ id: A }, { id: B }], credentials }, async (world) => {
      const agent = await world.openAgent('audit', { initial_interval: '2h' });
      await agent.start();
      await agent.untilCursor(haveCaughtUp([B], AUDIT_LAG));
      await agent.untilLogged(new RegExp(`reading audit of account ${A}: Cloudflare answered 40[13]`));
      await agent.stop();
      const events = await agent.readEvents();
      expect(Object.keys((await agent.readCursor()) ?? {})).toEqual([B]);
      expect(events.length).toBeGreaterThan(50);
      expect(events.filter((event) => 'error' in event)).toEqual([]);
    });
  });

  it.concurrent.each(['empty', 400] as const)('ends on an exact multiple of the page size where the page behind it is %s', async (pastLastPage) => {
    const bursts = [{ at: Date.now() - HOUR, count: 1000 }];
    await withWorld({ accounts: [{ id: A, auditEventsPerHour: 0, bursts }], switches: { pastLastPage } }, async (world) => {
      const agent = await world.openAgent('audit', { initial_interval: '3h' });
      await agent.start();
      const cursor = await agent.untilCursor(haveCaughtUp([A], AUDIT_LAG));
      await agent.stop();
      expect(compareIds(world, A, cursor[A], await agent.readEvents())).toEqual(SAME_IDS);
      expect(
        requestsFor(world, A)
          .slice(0, 2)
          .map(({ query }) => query.page),
      ).toEqual(['1', '2']);
    });
  });

  it.concurrent.each([
    ['audit', '30000h', 545 * 24],
    ['logpull', '1000h', 167],
  ])('asks for %s of no more than Cloudflare keeps', async (stream, initial_interval, hours) => {
    await withWorld({ accounts: [{ id: A }], zones: [{ id: Z, linesPerHour: 1 }] }, async (world) => {
      const agent = await world.openAgent(stream, { initial_interval });
      await agent.start();
      await agent.untilCursor(() => true);
      await agent.stop();
      const [first] = requestsFor(world, stream === 'audit' ? A : Z);
      const since = Date.parse(String(first?.query.since ?? first?.query.start));
      expect(Math.abs(Number(first?.atMs) - hours * HOUR - since)).toBeLessThan(10_000);
    });
  });

  it.concurrent('waits as a 429 says, then asks for the same window', async () => {
    await withWorld({ zones: [{ id: Z, linesPerHour: 60 }] }, async (world) => {
      const fault = world.cloudflare.faults.add({
        answer: { status: 429, body: 'slow down', headers: { 'retry-after': '2' } },
        match: { path: /received$/, times: 2 },
      });
      const agent = await world.openAgent('logpull', { initial_interval: '150m' });
      await agent.start();
      const cursor = await agent.untilCursor(haveCaughtUp([Z], LOGPULL_LAG));
      await agent.stop();
      const [first, second, third] = requestsFor(world, Z);
      expect([first, second, third].map((request) => request?.status)).toEqual([429, 429, 200]);
      for (const [earlier, later] of [
        [first, second],
        [second, third],
      ])
        expect(Number(later?.atMs) - Number(earlier?.atMs)).toBeGreaterThanOrEqual(1900);
      expect(fault.struck()).toBe(2);
      expect(compareLines(world, Z, cursor[Z], await agent.readEvents())).toEqual(SAME_LINES);
    });
  });

  it.concurrent.each<[string, FaultAnswer, RegExp]>([
    ['ends in the error line', { errorTrailer: true }, /answered 200: the answer ends early: Error streaming data/],
    ['ends in the middle of a line', { cutLastLine: true }, /answered 200: the answer ends early: /],
    ['is cut short', { truncateGzip: true }, /no whole answer came: /],
    ['is no gzip', { notGzip: true }, /no whole answer came: /],
  ])('asks again for half of a Logpull window whose answer %s, and takes no line of it twice', async (_name, answer, logged) => {
    await withWorld(
      {
        zones: [
          { id: Y, linesPerHour: 200 },
          { id: Z, linesPerHour: 200 },
        ],
      },
      async (world) => {
        world.cloudflare.faults.add({ answer, match: { zone: Y, path: /received$/, times: 2 } });
        const agent = await world.openAgent('logpull', { initial_interval: '150m' });
        await agent.start();
        const cursor = await agent.untilCursor(haveCaughtUp([Y, Z], LOGPULL_LAG));
        await agent.stop();
        expect(agent.log()).toMatch(logged);
        const asked = requestsFor(world, Y);
        expect(new Set(asked.slice(0, 3).map(({ query }) => query.start)).size).toBe(1);
        expect(
          asked
            .slice(0, 5)
            .map((request) => lengthOf(request) / HOUR)
            .slice(0, 4),
        ).toEqual([1, 0.5, 0.25, 0.5]);
        const events = await agent.readEvents();
        for (const zone of [Y, Z]) expect(compareLines(world, zone, cursor[zone], events)).toEqual(SAME_LINES);
      },
    );
  });

  it.concurrent('takes another zone first where an answer does not come in time, and asks for less then', async () => {
    const zones = [
      { id: Y, linesPerHour: 60 },
      { id: Z, linesPerHour: 60 },
    ];
    await withWorld({ zones }, async (world) => {
      world.cloudflare.faults.add({ answer: { stall: 'before' }, match: { zone: Y, path: /received$/, times: 1 } });
      const agent = await world.openAgent('logpull', { initial_interval: '90m', http_client_timeout: '5s' });
      await agent.start();
      const cursor = await agent.untilCursor(haveCaughtUp([Y, Z], LOGPULL_LAG));
      await agent.stop();
      expect(agent.log()).toMatch(new RegExp(`reading logpull of zone ${Y}: no whole answer came: .*(deadline|time)`, 'i'));
      const paths = world.cloudflare.ledger.requests.filter(({ path }) => path.endsWith('/received')).map(({ path }) => path.split('/')[2]);
      expect(paths.slice(0, 2)).toEqual([Y, Z]);
      expect(requestsFor(world, Y).slice(0, 2).map(lengthOf)).toEqual([HOUR, HOUR / 2]);
      const events = await agent.readEvents();
      for (const zone of [Y, Z]) expect(compareLines(world, zone, cursor[zone], events)).toEqual(SAME_LINES);
    });
  });

  it.concurrent('asks only for fields that the zone offers', async () => {
    const fields = ['RayID', 'EdgeStartTimestamp', 'EdgeEndTimestamp', 'ClientIP', 'ClientRequestMethod', 'ClientRequestURI', 'ClientASN', 'ZoneName'];
    await withWorld({ zones: [{ id: Z, linesPerHour: 60, fields }] }, async (world) => {
      const agent = await world.openAgent('logpull', { initial_interval: '1h' });
      await agent.start();
      const cursor = await agent.untilCursor(haveCaughtUp([Z], LOGPULL_LAG));
      await agent.stop();
      expect(requestsFor(world, Z)[0]?.query.fields).toBe(fields.join(','));
      expect(compareLines(world, Z, cursor[Z], await agent.readEvents())).toEqual(SAME_LINES);
    });
  });
});
