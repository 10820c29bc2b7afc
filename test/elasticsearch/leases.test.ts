import { describe, expect, it } from 'vitest';
import type { Turn } from '../../src/collect/turns.ts';
import { type Leases, openLeases } from '../../src/elasticsearch/leases.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { createMemoryStateIndex, type MemoryStateIndex } from './memory-state-index.ts';
import { VirtualTime } from './virtual-clock.ts';

const LEASE = 30_000;
const checkpoint = { until: 1, remembered: [] };

class Scene {
  readonly time = new VirtualTime();
  readonly index: MemoryStateIndex = createMemoryStateIndex();

  async open(id: string, { shares = true, link = { cut: false }, told = [] as string[], leaseMs = LEASE } = {}): Promise<Leases> {
    return openLeases({
      index: this.index.connect(async () => {
        if (link.cut) throw new Error('cut off');
      }),
      id,
      leaseMs,
      shares,
      clock: this.time.clock(),
      now: () => this.time.now,
      onSilence: () => told.push('silence'),
      onRecovery: () => told.push('recovery'),
    });
  }
}

async function take(leases: Leases, key = 'p'): Promise<Turn> {
  const turn = await leases.take(key);
  if (turn === undefined) throw new Error('not taken');
  return turn;
}

describe('a lease', () => {
  it('is held by one, given back with the checkpoint, and not due before its time', async () => {
    const scene = new Scene();
    const [a, b] = [await scene.open('a'), await scene.open('b')];
    const turn = await take(a);
    expect(turn).toMatchObject({ checkpoint: undefined, moved: true });
    expect(await b.take('p')).toBeUndefined();
    await turn.save(checkpoint);
    await turn.end(60_000);
    expect(await b.take('p')).toBeUndefined();
    await scene.time.pass(60_000);
    const next = await take(b);
    expect(next).toMatchObject({ checkpoint, moved: true });
    await next.end(60_000);
    await Promise.all([a.close(), b.close()]);
  });

  it('tells the same collector that nobody moved the checkpoint since', async () => {
    const scene = new Scene();
    const a = await scene.open('a');
    await (await take(a)).end(0);
    expect((await take(a)).moved).toBe(false);
    await a.close();
  });

  it('of a killed collector is taken over within one lease time, not before four fifths', async () => {
    const scene = new Scene();
    const link = { cut: false };
    const [a, b] = [await scene.open('a', { link }), await scene.open('b')];
    await scene.time.pass(12_345);
    await take(a);
    link.cut = true;
    const killedAt = scene.time.now;
    let turn: Turn | undefined;
    while (turn === undefined) {
      await scene.time.pass(250);
      if (b.dueMs('p', 0) <= scene.time.now) turn = await b.take('p');
    }
    const after = scene.time.now - killedAt;
    expect(after).toBeLessThanOrEqual(LEASE + 500);
    expect(after).toBeGreaterThan(LEASE * (4 / 5 - 1 / 6));
    await b.close();
  });

  it('of a killed collector comes before what is due since later', async () => {
    const scene = new Scene();
    const link = { cut: false };
    const [a, b] = [await scene.open('a', { link }), await scene.open('b')];
    await take(a, 'left');
    link.cut = true;
    await scene.time.pass(2 * LEASE);
    await (await take(b, 'other')).end(scene.time.now);
    await scene.time.pass(1_000);
    expect(b.dueMs('other', 0)).toBeLessThanOrEqual(scene.time.now);
    expect(b.dueMs('left', 0)).toBeLessThan(b.dueMs('other', 0));
    await b.close();
  });

  it('may have any length', async () => {
    const scene = new Scene();
    const a = await scene.open('a', { leaseMs: 3_100 });
    await scene.time.pass(60_000);
    expect(a.isSure()).toBe(true);
    await a.close();
  });

  it('stays while its holder works, for however long', async () => {
    const scene = new Scene();
    const [a, b] = [await scene.open('a'), await scene.open('b')];
    const turn = await take(a);
    for (let minute = 0; minute < 10; minute += 1) {
      await scene.time.pass(60_000);
      expect(a.isSure()).toBe(true);
      expect(await b.take('p')).toBeUndefined();
    }
    await turn.save(checkpoint);
    await Promise.all([a.close(), b.close()]);
  });

  it('of a stopped collector is free at once', async () => {
    const scene = new Scene();
    const [a, b] = [await scene.open('a'), await scene.open('b')];
    const turn = await take(a);
    await a.close();
    expect(await b.take('p')).toBeDefined();
    await expect(turn.save(checkpoint)).rejects.toThrow(LeaseLostError);
    await b.close();
  });
});

describe('a collector that was cut off', () => {
  it('may not write after two thirds of the lease time; what was taken over meanwhile is refused, and only that', async () => {
    const scene = new Scene();
    const [link, told] = [{ cut: false }, [] as string[]];
    const [a, b] = [await scene.open('a', { link, told }), await scene.open('b')];
    const [lost, kept] = [await take(a, 'lost'), await take(a, 'kept')];
    link.cut = true;
    await scene.time.pass((LEASE * 2) / 3 - 500);
    expect(a.isSure()).toBe(true);
    await scene.time.pass(750);
    expect([a.isSure(), a.dueMs('other', 0)]).toEqual([false, Number.POSITIVE_INFINITY]);
    await scene.time.pass(LEASE);
    await (await take(b, 'lost')).save({ until: 2, remembered: [] });
    expect(told).toEqual(['silence']);
    link.cut = false;
    await scene.time.pass(LEASE / 6);
    expect([a.isSure(), told, lost.signal.aborted, kept.signal.aborted]).toEqual([true, ['silence', 'recovery'], true, false]);
    await expect(lost.save(checkpoint)).rejects.toThrow(LeaseLostError);
    await kept.save(checkpoint);
    await lost.end(0);
    expect((await b.take('kept')) ?? 'held').toBe('held');
    await Promise.all([a.close(), b.close()]);
  });

  it('does not take a living one for dead, though it saw nothing of it for long', async () => {
    const scene = new Scene();
    const link = { cut: false };
    const [a, b] = [await scene.open('a'), await scene.open('b', { link })];
    await take(a);
    link.cut = true;
    await scene.time.pass(2 * LEASE);
    link.cut = false;
    expect(await b.take('p')).toBeUndefined();
    await scene.time.pass(LEASE / 6);
    expect(await b.take('p')).toBeUndefined();
    await Promise.all([a.close(), b.close()]);
  });
});

describe('several collectors', () => {
  it('get about equal shares, and help out with what one leaves', async () => {
    const scene = new Scene();
    const all = await Promise.all(['a', 'b', 'c'].map((id) => scene.open(id)));
    await scene.time.pass(LEASE);
    const keys = Array.from({ length: 200 }, (_, number) => `k${number}`);
    const due = (leases: Leases) => keys.filter((key) => leases.dueMs(key, scene.time.now) <= scene.time.now);
    const shares = all.map((leases) => due(leases).length);
    expect(shares.reduce((sum, share) => sum + share)).toBe(200);
    expect(Math.min(...shares)).toBeGreaterThan(40);
    const at = scene.time.now;
    await scene.time.pass(LEASE / 2);
    for (const leases of all) expect(keys.every((key) => leases.dueMs(key, at) <= scene.time.now)).toBe(true);
    await Promise.all(all.map((leases) => leases.close()));
  });

  it('leave no share to one that only runs once, which takes what is free at once', async () => {
    const scene = new Scene();
    const [a, once] = [await scene.open('a'), await scene.open('once', { shares: false })];
    await scene.time.pass(LEASE);
    expect(Array.from({ length: 50 }, (_, number) => a.dueMs(`k${number}`, 7)).every((at) => at === 7)).toBe(true);
    await (await take(a)).end(scene.time.now + 300_000);
    expect(await once.take('p')).toBeDefined();
    await Promise.all([a.close(), once.close()]);
  });

  it('ask Elasticsearch little while nothing is due: four requests each in a sixth of the lease time, however many partitions there are', async () => {
    const scene = new Scene();
    const all = await Promise.all(['a', 'b', 'c'].map((id) => scene.open(id)));
    const before = scene.index.requests;
    await scene.time.pass(60_000);
    const perSecond = (scene.index.requests - before) / 60;
    expect(perSecond).toBeGreaterThan(2);
    expect(perSecond).toBeLessThan(2.5);
    await Promise.all(all.map((leases) => leases.close()));
  });
});
