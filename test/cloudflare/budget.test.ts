import { describe, expect, it } from 'vitest';
import { type Budget, type BudgetOptions, createBudget, rateLimits, type Turn } from '../../src/cloudflare/budget.ts';
import { CloudflareError, InterruptedError } from '../../src/errors.ts';
import { createTiming, type TestTiming } from './sources.ts';

const signal = new AbortController().signal;
const request: Turn = { kind: 'request' };
const minute = 60_000;
const hour = 60 * minute;
const zone = (zoneId: string): Turn & { readonly kind: 'logpull' } => ({ kind: 'logpull', zoneId });

function open(options: Partial<BudgetOptions> = {}): { readonly budget: Budget; readonly timing: TestTiming } {
  const timing = { ...createTiming(0), random: () => 0 };
  return { timing, budget: createBudget({ timing, ...options }) };
}

/** Takes turns and answers when each was given, in milliseconds from the start. */
async function times(turns: readonly Turn[], options?: Partial<BudgetOptions>): Promise<readonly number[]> {
  const { timing, budget } = open(options);
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
    expect(most(await times(turns, { share: 0.25 }), rateLimits.user.spanMs)).toBe(300);
  });

  it('lets 15 Logpull requests a minute go for a zone, and 180 for a user', async () => {
    expect(most(await times(Array.from({ length: 60 }, () => zone('a'))), minute)).toBe(15);
    const many = Array.from({ length: 600 }, (_, index) => zone(`zone ${index % 40}`));
    expect(most(await times(many), minute)).toBe(180);
    expect(most(await times(many, { share: 0.25 }), minute)).toBe(90);
  });

  it('does not let one zone hold up another', async () => {
    const given = await times([...Array.from({ length: 15 }, () => zone('a')), zone('b'), request, zone('a')]);
    expect(given.slice(15)).toEqual([0, 0, 61_000]);
  });

  it('says how many may go at once', async () => {
    const { budget } = open();
    await budget.takeTurn(zone('a'), signal);
    await budget.takeTurn(request, signal);
    expect(budget.left()).toBe(598);
    budget.block(request, 1_000);
    expect(budget.left()).toBe(0);
  });

  it('blocks what was refused: one zone, or everything', async () => {
    const { budget, timing } = open();
    budget.block(zone('a'), hour);
    await budget.takeTurn(zone('b'), signal);
    expect(timing.now()).toBe(0);
    budget.block(request, 5_000);
    budget.block(request, 1_000);
    await budget.takeTurn(zone('b'), signal);
    expect(timing.now()).toBe(5_000);
    await budget.takeTurn(zone('a'), signal);
    expect(timing.now()).toBe(hour);
  });

  it('does not send what it had reserved, once all is blocked', async () => {
    const { budget, timing } = open();
    for (let count = 0; count < 20; count += 1) await budget.takeTurn(request, signal);
    budget.block(request, 5 * minute);
    await budget.takeTurn(request, signal);
    expect(timing.now()).toBe(5 * minute);
  });

  it('waits a little longer than it has to, so that not all begin again at once', async () => {
    const timing = createTiming(0);
    const budget = createBudget({ timing });
    budget.block(request, 5 * minute);
    await budget.takeTurn(request, signal);
    expect(timing.now()).toBe(5 * minute + 2_500);
  });

  it('counts a request that waited once only', async () => {
    const { budget, timing } = open({ share: 1 / 1200 });
    await Promise.all([1, 2, 3].map(() => budget.takeTurn(request, signal)));
    expect(timing.now()).toBeGreaterThanOrEqual(602_000);
    expect(budget.left()).toBe(0);
  });

  it('can be interrupted', async () => {
    const { budget } = open();
    budget.block(request, 5_000);
    await expect(budget.takeTurn(request, AbortSignal.abort())).rejects.toBeInstanceOf(InterruptedError);
  });

  it('says how long a wait would be that is longer than it may wait', async () => {
    const { budget, timing } = open({ longestWaitMs: 15_000 });
    budget.block(zone('a'), hour);
    const error = await budget.takeTurn(zone('a'), signal).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CloudflareError);
    expect(error).toMatchObject({
      act: 'wait',
      retryAfterMs: hour,
      message: 'no Logpull requests for zone a may be sent for 3600 s: the rate limit is used up, or Cloudflare asked to wait',
    });
    expect(timing.now()).toBe(0);
  });
});

describe('time-outs of a zone', () => {
  it('are at most eight an hour: the ninth would have to wait until the first is an hour old', async () => {
    const { budget, timing } = open();
    const sent: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      await budget.takeTurn(zone('a'), signal);
      sent.push(timing.now());
      budget.addTimeout(zone('a'));
    }
    expect(most(sent, hour)).toBe(8);
    const before = timing.now();
    await budget.takeTurn(zone('b'), signal);
    expect(timing.now()).toBe(before);
  });
});
