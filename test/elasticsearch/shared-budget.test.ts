import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Budget, createBudget, rateLimits, type Turn } from '../../src/cloudflare/budget.ts';
import { systemTiming } from '../../src/cloudflare/timing.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { openSharedBudget } from '../../src/elasticsearch/shared-budget.ts';
import { openStateIndex, type StateIndex } from '../../src/elasticsearch/state-index.ts';
import { letThreeCollect } from '../cloudflare/three-collectors.ts';
import { createVirtualTime, mostWithin, type VirtualTime } from '../cloudflare/virtual-time.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';

const { engine, describeEngine } = await engineOrSkip();
const signal = new AbortController().signal;
const request: Turn = { kind: 'request' };
const zone: Turn & { readonly kind: 'logpull' } = { kind: 'logpull', zoneId: 'a' };
const minute = 60_000;
const start = Date.parse('2026-11-20T12:00:00Z');

interface Written {
  puts: number;
  conflicts: number;
}

/** The same index, with its writes counted. */
function counting(index: StateIndex, written: Written): StateIndex {
  return {
    ...index,
    put: async (...given) => {
      written.puts += 1;
      const version = await index.put(...given);
      if (version === undefined) written.conflicts += 1;
      return version;
    },
  };
}

describeEngine('a budget that collectors share', () => {
  const index = toUniqueName('state');
  let client: Elasticsearch;
  let number = 0;

  beforeAll(async () => {
    client = await openEngineClient(engine);
    const keywords = { kind: { type: 'keyword' }, key: { type: 'keyword' } };
    await send(client, 'PUT', `/${index}`, { mappings: { dynamic: false, properties: keywords } });
  });

  afterAll(async () => {
    await send(client, 'DELETE', `/${index}`);
    await client.close();
  });

  /** One collector's budget; each has a store of its own, as in a process of its own. */
  function open(
    time: VirtualTime,
    { name, offsetMs = 0, written = { puts: 0, conflicts: 0 } }: { name: string; offsetMs?: number; written?: Written },
  ): Budget {
    const store = openSharedBudget(counting(openStateIndex(client, index), written), systemTiming);
    number += 1;
    return createBudget({ timing: time.timing(offsetMs), store, name, holder: `collector ${number}` });
  }

  /** Asks for as many turns as there are until that time. */
  function ask(budget: Budget, time: VirtualTime, { untilMs, sent, turn = request }: { untilMs: number; sent: number[]; turn?: Turn }) {
    return async (): Promise<void> => {
      while (time.now() < untilMs) {
        await budget.takeTurn(turn, signal);
        sent.push(time.now());
        // An answer takes its time.
        await time.timing().sleep(100 + 400 * time.timing().random(), signal);
      }
    };
  }

  it.each([
    ['with clocks that agree', [0, 0, 0]],
    ['with clocks that differ by five seconds', [-2_500, 0, 2_500]],
  ])(
    'never holds more than the limit in any five minutes, %s',
    async (name, offsets) => {
      const time = createVirtualTime(start);
      const written = { puts: 0, conflicts: 0 };
      const sent: number[] = [];
      const budgets = offsets.map((offsetMs) => open(time, { name, offsetMs, written }));
      const untilMs = start + 20 * minute;
      await time.run(budgets.flatMap((budget) => [1, 2, 3, 4].map(() => ask(budget, time, { untilMs, sent }))));
      const most = mostWithin(sent, rateLimits.user.spanMs);
      const perSecond = written.puts / (20 * 60);
      console.log(`${name}: ${sent.length} requests in 20 minutes, at most ${most} in five; ${written.puts} writes, ${written.conflicts} conflicts`);
      expect(most).toBeLessThanOrEqual(600);
      expect(sent.length).toBeGreaterThan(0.9 * 600 * 4);
      expect(perSecond).toBeLessThan(3);
    },
    120_000,
  );

  it('keeps three collectors below every limit of the simulated API, so that it never answers 429', async () => {
    const written = { puts: 0, conflicts: 0 };
    const openStore = () => openSharedBudget(counting(openStateIndex(client, index), written), systemTiming);
    const { statuses, most } = await letThreeCollect(openStore, 1);
    console.log(`${JSON.stringify({ statuses, most })}; ${written.puts} writes in 15 minutes, ${written.conflicts} conflicts`);
    expect(Object.keys(statuses)).toEqual(['200', '408']);
    expect(most.timeouts).toBe(8);
    expect(most.user).toBeLessThanOrEqual(1200);
    expect(written.puts / (15 * 60)).toBeLessThan(3);
  }, 180_000);

  it('gets back what a dead collector had reserved', async () => {
    const time = createVirtualTime(start);
    const [dead, alive] = [open(time, { name: 'dead' }), open(time, { name: 'dead' })];
    await time.run([
      async () => {
        for (let count = 0; count < 32; count += 1) await dead.takeTurn(request, signal);
        const before: number[] = [];
        const after: number[] = [];
        const restart = start + 331_000;
        await ask(alive, time, { untilMs: start + 300_000, sent: before })();
        await time.timing().sleep(restart - time.now(), signal);
        await ask(alive, time, { untilMs: restart + 300_000, sent: after })();
        // 32 were sent, and up to 30 more were reserved when it died.
        expect(before.length).toBeGreaterThanOrEqual(538);
        expect(before.length).toBeLessThan(568);
        expect(after.length).toBeGreaterThanOrEqual(594);
        expect(mostWithin([...before, ...after], 300_000)).toBeLessThanOrEqual(600);
      },
    ]);
  }, 60_000);

  it('gives back what it had reserved when it is closed', async () => {
    const time = createVirtualTime(start);
    const [closed, other] = [open(time, { name: 'closed' }), open(time, { name: 'closed' })];
    await time.run([
      async () => {
        for (let count = 0; count < 32; count += 1) await closed.takeTurn(request, signal);
        await closed.close();
        await other.takeTurn(request, signal);
        expect(other.left()).toBe(600 - 32 - 1);
      },
    ]);
  });

  it('waits out, in every collector, a block that one of them was told', async () => {
    const time = createVirtualTime(start);
    const [one, other, third] = [open(time, { name: 'blocked' }), open(time, { name: 'blocked' }), open(time, { name: 'blocked' })];
    await time.run([
      async () => {
        for (let count = 0; count < 3; count += 1) await other.takeTurn(request, signal);
        one.block(request, 5 * minute);
        await one.close();
        await third.takeTurn(request, signal);
        expect(time.now() - start).toBeGreaterThanOrEqual(5 * minute);
        expect(time.now() - start).toBeLessThan(5 * minute + 6_000);
      },
    ]);
  });

  it('counts the time-outs of a zone over all collectors', async () => {
    const time = createVirtualTime(start);
    const budgets = [1, 2, 3].map(() => open(time, { name: 'timeouts' }));
    const sent: number[] = [];
    await time.run([
      async () => {
        for (let count = 0; count < 24; count += 1) {
          const budget = budgets[count % 3] as Budget;
          await budget.takeTurn(zone, signal);
          sent.push(time.now());
          budget.addTimeout(zone);
          await budget.close();
        }
      },
    ]);
    expect(mostWithin(sent, 60 * minute)).toBe(8);
  });

  it('lets a backfill in another process take what live collection leaves, and never starve', async () => {
    const time = createVirtualTime(start);
    const [live, backfill] = [open(time, { name: 'backfill' }), open(time, { name: 'backfill' })];
    const sent = { live: [] as number[], backfill: [] as number[] };
    const untilMs = start + 20 * minute;
    const workers = [1, 2, 3, 4].flatMap(() => [
      ask(live, time, { untilMs, sent: sent.live }),
      ask(backfill, time, { untilMs, sent: sent.backfill, turn: { ...request, priority: 'backfill' } }),
    ]);
    await time.run(workers);
    const late = (times: readonly number[]): number => times.filter((at) => at > start + 10 * minute).length;
    console.log(`live took ${late(sent.live)} and a backfill ${late(sent.backfill)} of the turns of ten minutes`);
    expect(mostWithin([...sent.live, ...sent.backfill], 300_000)).toBeLessThanOrEqual(600);
    expect(late(sent.backfill)).toBeGreaterThan(40);
    expect(late(sent.live)).toBeGreaterThan(8 * late(sent.backfill));
  }, 120_000);
});

describe('mostWithin', () => {
  it('counts half-open spans', () => {
    expect(mostWithin([0, 5, 10, 12], 10)).toBe(3);
    expect(mostWithin([], 10)).toBe(0);
  });
});
