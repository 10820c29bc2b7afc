import { describe, expect, it } from 'vitest';
import { createBudget, rateLimits, type Turn, waitFor } from '../../src/cloudflare/budget.ts';
import { InterruptedError } from '../../src/errors.ts';
import { createTiming } from './sources.ts';

const signal = new AbortController().signal;
const request: Turn = { kind: 'request' };
const zone = (zoneId: string): Turn => ({ kind: 'logpull', zoneId });

/** Takes turns and answers when each was given, in milliseconds from the start. */
async function times(turns: readonly Turn[], share?: number): Promise<readonly number[]> {
  const timing = createTiming(0);
  const budget = createBudget(timing, share);
  const given: number[] = [];
  for (const turn of turns) {
    await budget.takeTurn(turn, signal);
    given.push(timing.now());
  }
  return given;
}

function most(given: readonly number[], spanMs: number): number {
  return Math.max(...given.map((start) => given.filter((time) => time >= start && time < start + spanMs).length));
}

describe('the rate budget', () => {
  it('lets half of the requests of a user go, or the given share', async () => {
    const turns = Array.from({ length: 2_000 }, () => request);
    expect(most(await times(turns), rateLimits.user.spanMs)).toBe(600);
    expect(most(await times(turns, 0.25), rateLimits.user.spanMs)).toBe(300);
  });

  it('lets 15 Logpull requests a minute go for a zone, and 180 for a user', async () => {
    expect(most(await times(Array.from({ length: 60 }, () => zone('a'))), 60_000)).toBe(15);
    const many = Array.from({ length: 600 }, (_, index) => zone(`zone ${index % 40}`));
    expect(most(await times(many), 60_000)).toBe(180);
  });

  it('does not let one zone hold up another', async () => {
    const given = await times([...Array.from({ length: 15 }, () => zone('a')), zone('b'), request, zone('a')]);
    expect(given.slice(15)).toEqual([0, 0, 61_000]);
  });

  it('says how many may go at once', async () => {
    const timing = createTiming(0);
    const budget = createBudget(timing);
    await budget.takeTurn(zone('a'), signal);
    await budget.takeTurn(request, signal);
    expect(budget.left()).toBe(598);
    budget.block(request, 1_000);
    expect(budget.left()).toBe(0);
  });

  it('blocks what was refused: one zone, or everything', async () => {
    const timing = createTiming(0);
    const budget = createBudget(timing);
    budget.block(zone('a'), 3_600_000);
    await budget.takeTurn(zone('b'), signal);
    expect(timing.now()).toBe(0);
    budget.block(request, 5_000);
    budget.block(request, 1_000);
    await budget.takeTurn(zone('b'), signal);
    expect(timing.now()).toBe(5_000);
    await budget.takeTurn(zone('a'), signal);
    expect(timing.now()).toBe(3_600_000);
  });

  it('counts a request that waited once only', async () => {
    const timing = createTiming(0);
    const budget = createBudget(timing, 1 / 1200);
    await Promise.all([1, 2, 3].map(() => budget.takeTurn(request, signal)));
    expect(timing.now()).toBeGreaterThanOrEqual(602_000);
    expect(budget.left()).toBe(0);
  });

  it('can be interrupted', async () => {
    const budget = createBudget(createTiming(0));
    budget.block(request, 5_000);
    await expect(budget.takeTurn(request, AbortSignal.abort())).rejects.toBeInstanceOf(InterruptedError);
  });

  it('computes the wait from the request that has to leave the span', () => {
    expect(waitFor({ limit: 2, spanMs: 10_000 }, [], 0)).toBe(0);
    expect(waitFor({ limit: 2, spanMs: 10_000 }, [5], 6)).toBe(0);
    expect(waitFor({ limit: 2, spanMs: 10_000 }, [1, 5, 6], 100)).toBe(10_905);
    expect(waitFor({ limit: 2, spanMs: 10_000 }, [1, 5, 6], 20_000)).toBe(0);
  });
});
