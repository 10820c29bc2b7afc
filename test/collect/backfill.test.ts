import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectOnce } from '../../src/collect/collect.ts';
import { openFileStore } from '../../src/collect/file-store.ts';
import { openAbsentWriter } from '../../src/collect/open-absent-writer.ts';
import { toPartitionKey } from '../../src/collect/partition.ts';
import { loadPast, openPastStore, removePast, toPastKey } from '../../src/collect/past-store.ts';
import { planPast } from '../../src/collect/plan-past.ts';
import type { Window } from '../../src/collect/ports.ts';
import type { WindowDefinition } from '../../src/definition/definition.ts';
import { createCluster } from './cluster.ts';
import { plan } from './life.ts';
import { createRead } from './source.ts';
import { DAY, HOUR, immutable, MINUTE, mutable, NOON } from './windows.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'collect-backfill-'));
});
afterAll(() => rm(root, { recursive: true }));

const ASKED: Window = { since: NOON - 5 * DAY, before: NOON - DAY };
/** One every 20 minutes, also outside of the interval and exactly at both ends. */
const EVENTS = Array.from({ length: 6 * 72 }, (_, index) => ({ id: `e${String(index).padStart(3, '0')}`, timeMs: NOON - 6 * DAY + index * 20 * MINUTE }));
const inside = (window: Window): readonly string[] => EVENTS.filter(({ timeMs }) => timeMs >= window.since && timeMs < window.before).map(({ id }) => id);

class Killed extends Error {}

const STATE = { clusterId: 'c', owner: { pid: 1, isRunning: () => false } };

/** What outlives a process. */
async function openWorld(definition: WindowDefinition) {
  const folder = await mkdtemp(join(root, 'state-'));
  const cluster = createCluster();
  const windows: Window[] = [];
  /** Runs one process until it is done, or killed at the given save of a checkpoint. */
  const live = async (killAt = Number.POSITIVE_INFINITY): Promise<void> => {
    const store = await openFileStore({ folder, ...STATE });
    const past = openPastStore({ store, mark: '5d..1d', interval: ASKED });
    let saves = 0;
    const save: typeof past.save = async (key, checkpoint) => {
      saves += 1;
      if (saves === killAt) throw new Killed('killed');
      await past.save(key, checkpoint);
    };
    const { planned } = planPast(plan(definition), ASKED, NOON);
    const failures: unknown[] = [];
    await collectOnce(planned === undefined ? [] : [planned], {
      signal: new AbortController().signal,
      ports: {
        ...cluster,
        read: createRead(EVENTS, () => NOON),
        openWriter: openAbsentWriter({ ...cluster, findKept: async () => new Set() }),
        store: { ...past, save },
        now: () => NOON,
        random: () => 0.5,
        sleep: async () => {},
        report: { window: (_partition, window) => windows.push(window), gap: () => {}, again: () => {}, stopped: (_partition, error) => failures.push(error) },
      },
    });
    if (failures.length > 0 && !(failures[0] instanceof Killed)) throw failures[0];
    await store.close();
  };
  return { folder, cluster, windows, live };
}

describe.each<[string, WindowDefinition]>([
  ['mutable', mutable],
  ['immutable', immutable],
])('a backfill of a source that is %s', (_name, definition) => {
  it('settles exactly its interval, and does nothing more once it is done', async () => {
    const world = await openWorld(definition);
    await world.live();
    expect(world.cluster.stored()).toEqual(inside(ASKED));
    expect([world.windows[0]?.since, world.windows.at(-1)?.before]).toEqual([ASKED.since, ASKED.before]);
    world.windows.length = 0;
    await world.live();
    expect(world.windows).toEqual([]);
  });

  it('stores nothing twice of what lies in older backing indices', async () => {
    const world = await openWorld(definition);
    const live = world.cluster.openWriter(plan(definition).partition, new AbortController().signal);
    await live.add(EVENTS.slice(100, 300).map((event) => ({ ...event, raw: Buffer.from('{}') })));
    await live.settle();
    world.cluster.rollover();
    await world.live();
    expect(new Set(world.cluster.stored()).size).toBe(world.cluster.stored().length);
    expect(world.cluster.stored()).toEqual([...new Set([...inside(ASKED), ...EVENTS.slice(100, 300).map(({ id }) => id)])].toSorted());
  });

  it('killed at any save, goes on where it was and stores nothing twice, though the index rolls over', async () => {
    for (const killAt of [1, 2, 3, 4, 5, 6]) {
      const world = await openWorld(definition);
      await world.live(killAt);
      world.cluster.rollover();
      await world.live();
      expect(world.cluster.stored(), `killed at save ${killAt}`).toEqual(inside(ASKED));
    }
  });
});

describe('the checkpoints of a backfill', () => {
  it('stand beside that of live collection, name their interval, and can be removed', async () => {
    const store = await openFileStore({ folder: await mkdtemp(join(root, 'state-')), ...STATE });
    const key = toPartitionKey(plan(mutable).partition);
    const own = { until: NOON, remembered: [`${NOON - MINUTE} a`] };
    await store.save(key, own);
    const past = openPastStore({ store, mark: '5d..1d', interval: ASKED });
    expect(await past.load(key)).toBeUndefined();
    await past.save(key, { until: ASKED.since + HOUR, remembered: [] });
    expect(await past.load(key)).toEqual({ until: ASKED.since + HOUR, remembered: [], interval: ASKED });
    expect((await store.list()).map((entry) => entry.key)).toEqual([key, toPastKey(key, '5d..1d')]);
    expect([...(await loadPast(store, [key, 'main/default/audit/v1/b'], '5d..1d')).keys()]).toEqual([key]);
    expect((await loadPast(store, [key], '6d..1d')).size).toBe(0);
    await removePast(store, [key], '5d..1d');
    expect(await past.load(key)).toBeUndefined();
    expect(await store.load(key)).toEqual(own);
    await store.close();
  });
});
