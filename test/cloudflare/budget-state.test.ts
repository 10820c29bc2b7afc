import { describe, expect, it } from 'vitest';
import { type BudgetState, type Grant, type Priority, type Rules, toBlockedUntil, toCurrent, toFree, toWait } from '../../src/cloudflare/budget-state.ts';

const rules: Rules = { limit: 40, spanMs: 60_000, marginMs: 1_000 };
const hour = 3_600_000;
const NOW = 10 * hour;

function sent(count: number, agoMs: number, priority: Priority = 'live'): Grant {
  return { priority, count, untilMs: NOW - agoMs };
}

function open(count: number, inMs: number, holder = 'other 1'): Grant {
  return { holder, priority: 'live', count, untilMs: NOW + inMs };
}

interface Case {
  readonly name: string;
  readonly state: BudgetState;
  readonly rules?: Partial<Rules>;
  /** Turns that are free for live collection and for a backfill, and how long each has to wait for the next. */
  readonly free: readonly [live: number, backfill: number];
  readonly wait: readonly [live: number, backfill: number];
}

const cases: readonly Case[] = [
  { name: 'nothing was sent', state: { grants: [] }, free: [40, 30], wait: [0, 0] },
  { name: 'some were sent', state: { grants: [sent(15, 5_000)] }, free: [25, 15], wait: [0, 0] },
  { name: 'what others may still send counts as sent', state: { grants: [open(15, 5_000)] }, free: [25, 15], wait: [0, 0] },
  { name: 'a quarter is left to live collection, but for the part of backfills', state: { grants: [sent(30, 5_000)] }, free: [10, 2], wait: [0, 0] },
  { name: 'backfills have had their part', state: { grants: [sent(28, 5_000), sent(2, 4_000, 'backfill')] }, free: [10, 0], wait: [0, 56_000] },
  { name: 'all were sent', state: { grants: [sent(30, 50_000), sent(10, 5_000)] }, free: [0, 0], wait: [11_000, 11_000] },
  { name: 'all are held by others', state: { grants: [open(40, 15_000)] }, free: [0, 0], wait: [76_000, 76_000] },
  { name: 'what is older than the span and its margin no longer counts', state: { grants: [sent(40, 61_000)] }, free: [40, 30], wait: [0, 0] },
  { name: 'what is nearly as old still counts', state: { grants: [sent(40, 60_999)] }, free: [0, 0], wait: [1, 1] },
  { name: 'a backfill is there: its part is kept', state: { grants: [sent(37, 5_000)], backfillUntilMs: NOW + 9_000 }, free: [1, 2], wait: [0, 0] },
  { name: 'only the part of a backfill is left', state: { grants: [sent(38, 5_000)], backfillUntilMs: NOW + 9_000 }, free: [0, 2], wait: [9_000, 0] },
  {
    name: 'the part of a backfill is used',
    state: { grants: [sent(36, 5_000), sent(2, 4_000, 'backfill')], backfillUntilMs: NOW + 9_000 },
    free: [2, 0],
    wait: [0, 56_000],
  },
  { name: 'all is blocked', state: { grants: [], blockedUntilMs: NOW + hour }, free: [0, 0], wait: [hour, hour] },
  { name: 'a block is over', state: { grants: [], blockedUntilMs: NOW }, free: [40, 30], wait: [0, 0] },
  {
    name: 'time-outs below the limit',
    state: { grants: [], timeoutsMs: [NOW - 9_000] },
    rules: { mostTimeouts: 2 },
    free: [40, 30],
    wait: [0, 0],
  },
  {
    name: 'too many time-outs',
    state: { grants: [], timeoutsMs: [NOW - 50_000, NOW - 9_000, NOW] },
    rules: { mostTimeouts: 2 },
    free: [0, 0],
    wait: [hour - 8_000, hour - 8_000],
  },
  { name: 'a limit of one', state: { grants: [], backfillUntilMs: NOW + 9_000 }, rules: { limit: 1 }, free: [1, 1], wait: [0, 0] },
  { name: 'a limit of one that is used', state: { grants: [sent(1, 0)] }, rules: { limit: 1 }, free: [0, 0], wait: [61_000, 61_000] },
];

describe('what is free of a limit', () => {
  it.each(cases)('$name', ({ state, rules: more, free, wait }) => {
    const own = { ...rules, ...more };
    expect([toFree(state, own, { priority: 'live', now: NOW }), toFree(state, own, { priority: 'backfill', now: NOW })]).toEqual(free);
    expect([toWait(state, own, { priority: 'live', now: NOW }), toWait(state, own, { priority: 'backfill', now: NOW })]).toEqual(wait);
  });

  it.each(cases)('is there when the wait is over, and not a moment before: $name', ({ state, rules: more, wait }) => {
    const own = { ...rules, ...more };
    for (const [priority, ms] of [['live', wait[0]] as const, ['backfill', wait[1]] as const]) {
      expect(toFree(state, own, { priority, now: NOW + ms })).toBeGreaterThan(0);
      if (ms > 0) expect(toFree(state, own, { priority, now: NOW + ms - 1 })).toBe(0);
    }
  });
});

describe('the current state', () => {
  const current = (state: BudgetState): BudgetState => toCurrent(state, rules, { now: NOW, useMs: 15_000 });

  it('leaves out what is over', () => {
    const state = { grants: [sent(3, 61_000), sent(4, 60_000)], blockedUntilMs: NOW, timeoutsMs: [NOW - hour - 1_000, NOW - hour], backfillUntilMs: NOW };
    expect(current(state)).toEqual({ grants: [sent(4, 60_000)], timeoutsMs: [NOW - hour] });
  });

  it('joins what was sent at nearly the same time, live and backfill apart, and nothing that may still be sent', () => {
    const grants = [sent(1, 900), sent(2, 300), sent(3, 200, 'backfill'), sent(4, 100), open(5, 9_000), open(6, 9_000, 'other 2'), sent(7, 20_000)];
    expect(current({ grants }).grants).toEqual([sent(7, 100), sent(3, 200, 'backfill'), sent(7, 20_000), open(5, 9_000), open(6, 9_000, 'other 2')]);
  });

  it('believes no clock that is hours ahead', () => {
    const state = { grants: [open(5, hour)], blockedUntilMs: NOW + 24 * hour, timeoutsMs: [NOW + hour], backfillUntilMs: NOW + hour };
    expect(current(state)).toEqual({
      grants: [open(5, 16_000)],
      blockedUntilMs: NOW + 2 * hour,
      timeoutsMs: [NOW],
      backfillUntilMs: NOW + 60_000,
    });
  });

  it('never counts less for being joined', () => {
    const grants = Array.from({ length: 300 }, (_, index) => sent(1, index * 200));
    const joined = current({ grants });
    expect(joined.grants.length).toBeLessThanOrEqual(61);
    for (let later = 0; later < 61_000; later += 777) {
      const now = NOW + later;
      const counted = (state: BudgetState): number => 300 - toFree(state, { ...rules, limit: 300 }, { priority: 'live', now });
      expect(counted(joined)).toBeGreaterThanOrEqual(counted({ grants }));
      expect(counted(joined)).toBeLessThanOrEqual(counted({ grants }) + 5);
    }
  });

  it('is blocked by nothing at first', () => {
    expect(toBlockedUntil({ grants: [] }, { ...rules, mostTimeouts: 8 })).toBe(0);
  });
});
