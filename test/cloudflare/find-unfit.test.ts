import { describe, expect, it } from 'vitest';
import { findUnfit, type Load } from '../../src/cloudflare/find-unfit.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

function audit(count: number, intervalMs: number, more: Partial<Load> = {}): readonly Load[] {
  const load: Load = { connection: 'main', stream: 'audit', budget: 'user 1', share: 0.5, intervalMs, windowMs: 24 * hour };
  return Array.from({ length: count }, () => ({ ...load, ...more }));
}

function logpull(count: number, intervalMs: number, more: Partial<Load> = {}): readonly Load[] {
  return audit(count, intervalMs).map((load, index) => ({ ...load, stream: 'logpull', windowMs: hour, zoneId: `zone ${index}`, ...more }));
}

interface Case {
  readonly name: string;
  readonly loads: readonly Load[];
  /** Stream and connection, shortest interval, limit, and how many requests are asked for. */
  readonly expected: readonly (readonly [place: string, shortestMs: number | undefined, of: string, asked: number])[];
}

const cases: readonly Case[] = [
  { name: 'nothing to collect', loads: [], expected: [] },
  { name: 'the settings of the README', loads: [...audit(1, 5 * minute), ...logpull(1, 5 * minute)], expected: [] },
  { name: 'exactly the limit', loads: audit(600, 5 * minute), expected: [] },
  { name: 'one account too many', loads: audit(601, 5 * minute), expected: [['main audit', 301 * second, 'user', 601]] },
  { name: 'one account, every 100 ms', loads: audit(1, 100), expected: [['main audit', second, 'user', 3000]] },
  { name: 'a smaller share', loads: audit(600, 5 * minute, { share: 0.25 }), expected: [['main audit', 10 * minute, 'user', 600]] },
  { name: 'a larger share', loads: audit(1200, 5 * minute, { share: 1 }), expected: [] },
  {
    name: 'the smallest share of a budget counts',
    loads: [...audit(300, 5 * minute, { share: 1 }), ...audit(301, 5 * minute, { connection: 'second', share: 0.5 })],
    expected: [
      ['main audit', 301 * second, 'user', 601],
      ['second audit', 301 * second, 'user', 601],
    ],
  },
  { name: 'two users', loads: [...audit(600, 5 * minute), ...audit(600, 5 * minute, { connection: 'second', budget: 'user 2' })], expected: [] },
  {
    name: 'a stream that polls seldom is left alone',
    loads: [...audit(300, 5 * minute), ...audit(200, 10 * second, { connection: 'second' })],
    expected: [['second audit', 200 * second, 'user', 6300]],
  },
  { name: 'a zone every four seconds', loads: logpull(1, 4 * second), expected: [] },
  { name: 'a zone every second', loads: logpull(1, second), expected: [['main logpull', 4 * second, 'logpullZone', 60]] },
  {
    name: 'one zone in two connections of one user',
    loads: [...logpull(1, 5 * second), ...logpull(1, 5 * second, { connection: 'second' })],
    expected: [
      ['main logpull', 8 * second, 'logpullZone', 24],
      ['second logpull', 8 * second, 'logpullZone', 24],
    ],
  },
  {
    name: 'the Logpull limit of a user, where all of its requests may be taken',
    loads: logpull(200, minute, { share: 1 }),
    expected: [['main logpull', 67 * second, 'logpullUser', 200]],
  },
  {
    name: 'a quarter of the requests takes half of Logpull',
    loads: logpull(46, 30 * second, { share: 0.25 }),
    expected: [['main logpull', 46 * second, 'user', 460]],
  },
  { name: 'an interval longer than the longest window', loads: logpull(7_200, 12 * hour), expected: [] },
  { name: 'more zones than windows can be read', loads: logpull(7_201, 12 * hour), expected: [['main logpull', undefined, 'user', 601]] },
];

describe('findUnfit', () => {
  it.each(cases)('$name', ({ loads, expected }) => {
    const found = findUnfit(loads).map(({ connection, stream, shortestMs, of, asked }) => [`${connection} ${stream}`, shortestMs, of, asked]);
    expect(found).toEqual(expected);
  });

  it.each(cases.filter(({ expected }) => expected.some(([, shortestMs]) => shortestMs !== undefined)))(
    '$name: the interval it names is the shortest',
    ({ loads, expected }) => {
      const shortest = new Map(expected.map(([place, shortestMs]) => [place, shortestMs ?? 0]));
      const withThem = (shorterMs: number): readonly Load[] =>
        loads.map((load) => ({ ...load, intervalMs: Math.max(load.intervalMs, (shortest.get(`${load.connection} ${load.stream}`) ?? 0) - shorterMs) }));
      expect(findUnfit(withThem(0))).toEqual([]);
      expect(findUnfit(withThem(second))).not.toEqual([]);
    },
  );
});
