import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WindowDefinition } from '../../src/definition/definition.ts';
import { createWorld, live, plan, type World } from './life.ts';
import { createRead, type SourceEvent } from './source.ts';
import { tooFull } from './trouble.ts';
import { HOUR, immutable, MINUTE, mutable, NOON, SECOND } from './windows.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'collect-crash-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Events of the last two hours, one late by four minutes where the source may add late ones, and some of the polls that follow. */
function toEvents({ overlapMs }: WindowDefinition): readonly SourceEvent[] {
  const times = [100, 80, 60, 59, 40, 20, 10, 8, 4, 3, 2.5, 0.5, -2, -4, -9].map((minutes) => NOON - minutes * MINUTE);
  const events = times.map((timeMs, index) => ({ id: `e${index}`, timeMs }));
  return overlapMs > 0 ? [...events, { id: 'late', timeMs: NOON - 3 * MINUTE, knownMs: NOON + MINUTE }] : events;
}

async function openWorld(definition: WindowDefinition, name: string, cap = Number.POSITIVE_INFINITY): Promise<World> {
  const clock = { ms: NOON };
  const folder = await mkdtemp(join(root, `${name}-`));
  const read = tooFull(
    createRead(toEvents(definition), () => clock.ms),
    cap,
  );
  return createWorld({ folder, clock, planned: [plan(definition)], read });
}

/** Polls until everything is settled, with a rollover before each. */
async function settle(world: World): Promise<void> {
  for (const minutes of [1, 2, 30, 60]) {
    world.cluster.rollover();
    world.clock.ms = Math.max(world.clock.ms, NOON + minutes * MINUTE);
    await live(world);
  }
}

const sources: readonly (readonly [string, WindowDefinition])[] = [
  ['mutable', mutable],
  ['immutable', immutable],
  ['mutable in short windows', { ...mutable, maxMs: 10 * MINUTE }],
];

describe('a process that is killed', () => {
  it.each(sources)('at any moment loses nothing and stores nothing twice, with a rollover before its restart (%s)', async (name, definition) => {
    const ids = toEvents(definition).map(({ id }) => id);
    let moment = 0;
    for (let killed = true; killed; ) {
      moment += 1;
      const world = await openWorld(definition, name);
      killed = await live(world, moment);
      await settle(world);
      expect(world.cluster.stored(), `killed at moment ${moment}`).toEqual(ids.toSorted());
    }
    expect(moment).toBeGreaterThan(15);
  });

  it.each(sources)('again and again, while windows are too full, loses nothing and stores nothing twice (%s)', async (name, definition) => {
    const ids = toEvents(definition).map(({ id }) => id);
    const random = createRandom(7);
    let kills = 0;
    for (let round = 0; round < 25; round += 1) {
      const world = await openWorld(definition, name, 3 + Math.floor(random() * 3));
      for (let life = 0; life < 6; life += 1) {
        kills += (await live(world, 1 + Math.floor(random() * 60))) ? 1 : 0;
        if (random() < 0.6) world.cluster.rollover();
        world.clock.ms += Math.floor(random() * 90) * SECOND;
      }
      await settle(world);
      expect(world.cluster.gaps).toEqual([]);
      expect(world.cluster.stored(), `round ${round}`).toEqual(ids.toSorted());
    }
    expect(kills).toBeGreaterThan(50);
  });

  it('shows that the check can fail: without its state, a rollover stores events twice', async () => {
    const world = await openWorld(mutable, 'control');
    await live(world);
    const forgetful = { ...world, folder: await mkdtemp(join(root, 'forgetful-')) };
    world.cluster.rollover();
    world.clock.ms += HOUR;
    await live(forgetful);
    expect(new Set(world.cluster.stored()).size).toBeLessThan(world.cluster.stored().length);
  });
});

/** A seeded sequence from 0 to below 1; see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
