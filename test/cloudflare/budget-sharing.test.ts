import { describe, expect, it } from 'vitest';
import { createBudget, type Turn } from '../../src/cloudflare/budget.ts';
import type { BudgetState } from '../../src/cloudflare/budget-state.ts';
import { type BudgetStore, createMemoryStore } from '../../src/cloudflare/budget-store.ts';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { ElasticsearchError } from '../../src/errors.ts';
import { connectionTo, createTiming } from './sources.ts';
import { sendJson, startServer } from './start-server.ts';

const signal = new AbortController().signal;
const request: Turn = { kind: 'request' };
const backfill: Turn = { kind: 'request', priority: 'backfill' };
const minute = 60_000;

/** What the store holds of a limit. */
function read(store: BudgetStore, name: string): Promise<BudgetState | undefined> {
  return store.change<BudgetState, BudgetState | undefined>(name, (state) => ({ state, result: state }));
}

/** A store that does not answer the first `times` times. */
function failing(times: number, retryable = true): BudgetStore {
  const store = createMemoryStore();
  let left = times;
  return {
    skewMs: 0,
    change: async (name, change) => {
      left -= 1;
      if (left >= 0) throw new ElasticsearchError('writing the state: no answer', { hint: 'h', retryable });
      return store.change(name, change);
    },
  };
}

describe('a backfill', () => {
  it('leaves a quarter of the limit to live collection', async () => {
    const timing = createTiming(0);
    const budget = createBudget({ timing });
    let taken = 0;
    while (timing.now() === 0) {
      await budget.takeTurn(backfill, signal);
      taken += timing.now() === 0 ? 1 : 0;
    }
    expect(taken).toBe(450);
    const before = timing.now();
    for (let count = 0; count < 100; count += 1) await budget.takeTurn(request, signal);
    expect(timing.now()).toBe(before);
  });

  it('has a twentieth of the limit where live collection would take all of it', async () => {
    const timing = createTiming(0);
    const budget = createBudget({ timing });
    const sent = { live: 0, backfill: 0 };
    await budget.takeTurn(backfill, signal);
    while (timing.now() === 0) {
      await budget.takeTurn(request, signal);
      sent.live += timing.now() === 0 ? 1 : 0;
    }
    expect(sent.live).toBe(600 - 30);
    const second = createTiming(0);
    const other = createBudget({ timing: second });
    for (let count = 0; count < 541; count += 1) await other.takeTurn(request, signal);
    while (second.now() === 0) {
      await other.takeTurn(backfill, signal);
      sent.backfill += second.now() === 0 ? 1 : 0;
    }
    expect(sent.backfill).toBe(30);
  });

  it('is what every request of a client is that was opened for one', async () => {
    const server = await startServer((_request, response) => sendJson(response, { success: true, result: [] }));
    const store = createMemoryStore();
    const timing = createTiming(0);
    const budget = createBudget({ timing, store, name: 'user 1' });
    const cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0', timing, budget, priority: 'backfill' });
    await cloudflare.listZones(signal);
    expect((await read(store, 'user 1/user'))?.grants).toMatchObject([{ priority: 'backfill', count: 1 }]);
    await cloudflare.close();
    await server.close();
  });
});

describe('a shared budget', () => {
  it('reserves more at a time the faster turns are used, and gives back the rest', async () => {
    const store = createMemoryStore();
    const budget = createBudget({ timing: createTiming(0), store, name: 'user 1', holder: 'me' });
    const held: number[] = [];
    for (let count = 0; count < 70; count += 1) {
      await budget.takeTurn(request, signal);
      const open = (await read(store, 'user 1/user'))?.grants.find(({ holder }) => holder !== undefined);
      held.push(open?.count ?? 0);
    }
    expect([...new Set(held)]).toEqual([1, 2, 4, 8, 16, 30]);
    await budget.close();
    const left = (await read(store, 'user 1/user'))?.grants ?? [];
    expect(left.reduce((sum, { count }) => sum + count, 0)).toBe(70);
    expect(left.filter(({ holder }) => holder !== undefined)).toEqual([]);
  });

  it('writes nothing while it only waits', async () => {
    const inner = createMemoryStore();
    let writes = 0;
    const store: BudgetStore = {
      skewMs: 0,
      change: (name, change) =>
        inner.change(name, (seen) => {
          const next = change(seen as never);
          if (next.state !== undefined && next.state !== (seen as unknown)) writes += 1;
          return next;
        }),
    };
    const timing = createTiming(0);
    const [one, other] = ['one', 'other'].map((holder) => createBudget({ timing, store, name: 'user 1', holder, share: 0.01 }));
    for (let count = 0; count < 12; count += 1) await one?.takeTurn(request, signal);
    await one?.close();
    const before = writes;
    await other?.takeTurn(request, signal);
    expect(timing.now()).toBeGreaterThan(5 * minute);
    expect(writes - before).toBe(1);
  });

  it('bears for half a minute that its store does not answer', async () => {
    const timing = createTiming(0);
    await createBudget({ timing, store: failing(5) }).takeTurn(request, signal);
    expect(timing.now()).toBeGreaterThan(30_000);
    const lasting = createBudget({ timing: createTiming(0), store: failing(100) });
    await expect(lasting.takeTurn(request, signal)).rejects.toBeInstanceOf(ElasticsearchError);
    const refused = createBudget({ timing: createTiming(0), store: failing(1, false) });
    await expect(refused.takeTurn(request, signal)).rejects.toBeInstanceOf(ElasticsearchError);
  });

  it('tells a block with the next turn where it could not be told at once', async () => {
    const store = failing(1);
    const timing = createTiming(0);
    const [one, other] = ['one', 'other'].map((holder) => createBudget({ timing, store, name: 'user 1', holder }));
    one?.block(request, 5 * minute);
    await one?.takeTurn(request, signal);
    expect(timing.now()).toBeGreaterThanOrEqual(5 * minute);
    expect((await read(store, 'user 1/user'))?.grants).toHaveLength(1);
    one?.block(request, 5 * minute);
    await one?.close();
    const before = timing.now();
    await other?.takeTurn(request, signal);
    expect(timing.now() - before).toBeGreaterThanOrEqual(5 * minute);
  });
});
