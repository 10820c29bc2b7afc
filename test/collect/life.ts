import { setImmediate } from 'node:timers/promises';
import { collectOnce } from '../../src/collect/collect.ts';
import { openFileStore } from '../../src/collect/file-store.ts';
import type { CollectPorts } from '../../src/collect/partition-run.ts';
import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import type { Read } from '../../src/collect/ports.ts';
import type { WindowDefinition } from '../../src/definition/definition.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { DAY, HOUR, MINUTE } from './windows.ts';

/** Where a process dies: at the given one of all the moments before and after something leaves it. */
class Killed extends Error {}

/** What outlives a process. */
export interface World {
  readonly folder: string;
  readonly cluster: Cluster;
  readonly clock: { ms: number };
  readonly planned: readonly PlannedPartition[];
  readonly read: Read;
  /** Counts the moments of the process that runs now, and kills it at one of them. */
  readonly moments: { passed: number; killAt: number; lives: number };
}

/** A planned partition of that source. */
export function plan(window: WindowDefinition, scopeId = 'a', intervalMs = 5 * MINUTE): PlannedPartition {
  const partition = { connection: 'main', namespace: 'default', stream: 'audit', source: 'v1', scopeId, intervalMs, initialIntervalMs: 2 * HOUR };
  return { partition, window, minWindowMs: window.maxMs === DAY ? 1_000 : MINUTE };
}

/** Makes a world without any process. */
export function createWorld({ folder, clock, planned, read }: Pick<World, 'folder' | 'clock' | 'planned' | 'read'>): World {
  const moments = { passed: 0, killAt: Number.POSITIVE_INFINITY, lives: 0 };
  const cluster = createCluster({ around: () => pass(moments) });
  return { folder, clock, planned, moments, cluster, read };
}

/** A dead process does nothing more. */
function pass(moments: World['moments']): void {
  moments.passed += 1;
  if (moments.passed >= moments.killAt) throw new Killed(`killed at moment ${moments.killAt}`);
}

/** Runs one process until it is done or killed; true where it was killed, and then nothing of it was closed. */
export async function live(world: World, killAt = Number.POSITIVE_INFINITY): Promise<boolean> {
  const { moments, folder } = world;
  Object.assign(moments, { passed: 0, killAt, lives: moments.lives + 1 });
  const owner = { pid: 10_000_000 + moments.lives, isRunning: () => false };
  const store = await openFileStore({ folder, clusterId: 'c', owner });
  const failures: unknown[] = [];
  const ports = mortal(world, { store, report: { window: () => {}, gap: () => {}, again: () => {}, stopped: (_partition, error) => failures.push(error) } });
  await collectOnce(world.planned, { ports, signal: new AbortController().signal, concurrency: 1 }).catch((error) => failures.push(error));
  if (moments.passed >= killAt) return true;
  if (failures.length > 0) throw failures[0];
  await store.close();
  return false;
}

function mortal({ moments, cluster, clock, read }: World, { store, report }: Pick<CollectPorts, 'store' | 'report'>): CollectPorts {
  const dying =
    <Given extends readonly unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      pass(moments);
      const result = await call(...given);
      pass(moments);
      return result;
    };
  return {
    read: async function* (...given) {
      pass(moments);
      for await (const batch of read(...given)) {
        yield batch;
        pass(moments);
      }
    },
    openWriter: cluster.openWriter,
    readGeneration: dying(cluster.readGeneration),
    findExisting: dying(cluster.findExisting),
    writeGap: dying(cluster.writeGap),
    store: { load: dying((key) => store.load(key)), save: dying((key, checkpoint) => store.save(key, checkpoint)), close: () => store.close() },
    now: () => clock.ms,
    random: () => 0.5,
    sleep: async (ms) => {
      clock.ms += ms;
      await setImmediate();
    },
    report,
  };
}
