import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { collectOnce } from '../../src/collect/collect.ts';
import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import type { Partition } from '../../src/collect/ports.ts';
import { minute, plan, SmallWorld, start } from '../collect/small-world.ts';
import { connectionTo, linesSource, ZONE } from './sources.ts';
import { type SeenRequest, startServer, type TestServer } from './start-server.ts';

const BAD = start + 37 * minute;
const LONGEST = 4;
const LIMITS = { maxBytes: 20 * 200, maxMs: 590_000 };

/** What goes wrong with a window that is too long; `lines` are its own. */
type Fail = (response: ServerResponse, lines: string, clock: { now: number }) => void;

interface Seen {
  readonly world: SmallWorld;
  /** Lengths of the windows asked for, in minutes. */
  readonly lengths: readonly number[];
  /** What each failure was taken for. */
  readonly errors: readonly unknown[];
  readonly failed: number;
}

let server: TestServer | undefined;
afterEach(() => server?.close());

/** The whole minutes that lie in the window. */
function toMinutes({ query }: SeenRequest): readonly number[] {
  const [first, end] = [Date.parse(query.start ?? ''), Date.parse(query.end ?? '')].map((time) => Math.ceil(time / minute)) as [number, number];
  return Array.from({ length: end - first }, (_, index) => (first + index) * minute);
}

/** One line of 200 bytes for each minute. */
function toLine(time: number): string {
  return `${JSON.stringify({ RayID: String(time), EdgeStartTimestamp: time * 1e6 }).padEnd(199)}\n`;
}

/** Collects half an hour of which one minute is never to be had, and windows of more than four minutes neither. */
async function collect(fail: Fail, timeoutMs = 1_000): Promise<Seen> {
  const clock = { now: Date.now() };
  const timing = {
    now: () => clock.now,
    random: () => 0,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  server = await startServer((request, response) => {
    const times = toMinutes(request);
    const lines = times.map(toLine).join('');
    if (times.length > LONGEST || times.includes(BAD)) fail(response, lines, clock);
    else response.end(lines);
  });
  const cloudflare = await openCloudflare(connectionTo(server.url, { timeoutMs }), { version: '0.1.0', timing, lines: LIMITS });
  const errors: unknown[] = [];
  const world = new SmallWorld({ events: [], report: { again: (_partition, error) => errors.push(error) } });
  const planned: PlannedPartition = { ...plan({ ...linesSource.window, maxMs: 16 * minute, lagMs: minute }), minWindowMs: minute };
  const read = (_partition: Partition, window: { readonly since: number; readonly before: number }, signal: AbortSignal) =>
    cloudflare.readWindow(linesSource, { stream: 'logpull', scopeId: ZONE, window }, signal);
  const { failed } = await collectOnce([planned], { ports: { ...world.ports(), read }, signal: new AbortController().signal });
  await cloudflare.close();
  return { world, errors, failed: failed.length, lengths: server.requests.map((request) => toMinutes(request).length) };
}

const causes: readonly (readonly [cause: string, fail: Fail, timedOut: boolean, message: RegExp])[] = [
  ['an error trailer', (response, lines) => response.end(`${lines}Error streaming data\n`), false, /ends in "Error streaming data"/],
  ['status 408', (response) => response.writeHead(408).end(), true, /answered 408/],
  [
    'a body of ten minutes',
    (response, lines, clock) => {
      clock.now += 10 * minute;
      response.end(lines);
    },
    true,
    /with lines for more than 590 seconds/,
  ],
  ['a body of more bytes than Cloudflare gives', (response, lines) => response.end(lines.repeat(40)), false, /with more than 4000 bytes of lines/],
  ['a body that falls silent', (response, lines) => response.write(lines), true, /Body Timeout/],
];

describe('a window of Logpull that ends in', () => {
  it.each(causes)(
    '%s is halved down to a minute, which is then a gap',
    async (_cause, fail, timedOut, message) => {
      const { world, errors, lengths, failed } = await collect(fail);
      expect(failed).toBe(0);
      expect([...new Set(lengths)].slice(0, 3)).toEqual([16, 8, 4]);
      expect(world.gaps.map(({ window }) => [window.since, window.before])).toEqual([[BAD, BAD + minute]]);
      expect(world.gaps[0]?.reason).toMatch(message);
      expect(errors.length).toBeGreaterThan(4);
      for (const error of errors) expect(error).toMatchObject({ timedOut, message: expect.stringMatching(message) });
      const until = world.checkpoint('main/default/audit/v1/a')?.until ?? 0;
      expect(world.stored()).toHaveLength(Math.ceil((until - start) / minute) - 30 - 1);
      expect(lengths.filter((length) => length === 1).length).toBeGreaterThanOrEqual(3);
    },
    60_000,
  );

  it('silence without any answer is halved too, but may be an outage: nothing is given up', async () => {
    const { world, errors, failed, lengths } = await collect(() => {});
    expect(lengths.slice(0, 3)).toEqual([16, 8, 4]);
    for (const error of errors) expect(error).toMatchObject({ act: 'split', status: undefined, timedOut: true });
    expect(failed).toBe(1);
    expect(world.gaps).toEqual([]);
  }, 60_000);
});
