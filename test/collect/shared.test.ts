import { describe, expect, it } from 'vitest';
import { type Collector, INTERVAL, LEASE, SharedWorld } from './shared-world.ts';
import { MINUTE, SECOND } from './windows.ts';

/** A turn comes an interval after the last; the rest is what a silent collector may cost. */
const MOST_IDLE = INTERVAL + LEASE + SECOND;

/** In which of all the moments in which it reaches out a process is caught: while it reads, asks, sends, saves, takes and gives back. */
const MOMENTS = [7, 11, 16, 22, 37, 51, 76, 100, 131, 170, 200];

describe('three collectors on one state', () => {
  it('share the partitions about equally, store everything once and leave none idle', async () => {
    const world = new SharedWorld(24, 10);
    const all = await Promise.all(['a', 'b', 'c'].map((id) => world.start(id)));
    await world.time.pass(10 * MINUTE);
    expectAllOnce(world);
    expect(world.longestIdleMs()).toBeLessThanOrEqual(INTERVAL + LEASE / 2);
    const windows = all.map((collector) => collector.windows());
    const sum = windows.reduce((total, count) => total + count);
    expect(Math.min(...windows) / sum).toBeGreaterThan(1 / 6);
    await Promise.all(all.map((collector) => collector.stop()));
  });

  it.each(MOMENTS)('lose nothing and store nothing twice when one is killed at moment %d, with a rollover before it is replaced', async (freezeAt) => {
    const world = new SharedWorld(9, 10);
    await world.start('a', { freezeAt });
    const others = await Promise.all(['b', 'c'].map((id) => world.start(id)));
    await world.time.pass(10 * SECOND, 50);
    world.cluster.rollover();
    await world.time.pass(5 * MINUTE);
    expectAllOnce(world);
    expect(world.longestIdleMs()).toBeLessThanOrEqual(MOST_IDLE);
    await Promise.all(others.map((collector) => collector.stop()));
  });

  it.each(MOMENTS)('lose nothing and store nothing twice when one is frozen at moment %d for a minute, with rollovers meanwhile', async (freezeAt) => {
    const world = new SharedWorld(9, 10);
    const all = await freezeOne(world, { freezeAt });
    expectAllOnce(world);
    expect(world.longestIdleMs()).toBeLessThanOrEqual(MOST_IDLE);
    expect(all[0]?.windows()).toBeGreaterThan(0);
    await Promise.all(all.map((collector) => collector.stop()));
  });

  it('would store events twice if a collector that wakes up sent what it had in hand', async () => {
    let twice = 0;
    for (const freezeAt of MOMENTS) {
      const world = new SharedWorld(9, 10);
      const all = await freezeOne(world, { freezeAt, guarded: false });
      twice += world.cluster.stored().length - new Set(world.cluster.stored()).size;
      await Promise.all(all.map((collector) => collector.stop()));
    }
    expect(twice).toBeGreaterThan(0);
  });
});

async function freezeOne(world: SharedWorld, options: { readonly freezeAt: number; readonly guarded?: boolean }): Promise<readonly Collector[]> {
  const first = await world.start('a', options);
  const all = [first, await world.start('b'), await world.start('c')];
  await world.time.pass(10 * SECOND, 50);
  world.cluster.rollover();
  await world.time.pass(50 * SECOND);
  world.cluster.rollover();
  first.thaw();
  await world.time.pass(5 * MINUTE);
  return all;
}

function expectAllOnce(world: SharedWorld): void {
  const stored = world.cluster.stored();
  expect(stored).toEqual(expect.arrayContaining([...world.expected()]));
  expect(new Set(stored).size).toBe(stored.length);
}
