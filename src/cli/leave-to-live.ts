import { toNewest } from '../collect/next-window.ts';
import { toPartitionKey } from '../collect/partition.ts';
import type { PlannedPartition } from '../collect/plan-partitions.ts';
import type { Window } from '../collect/ports.ts';
import type { Log } from './log.ts';
import type { Opened } from './open-settings.ts';
import { openStateReader } from './open-state.ts';
import { toTime } from './to-time.ts';

/** Up to when live collection has settled each partition that it ever began, by its key. Collectors may run meanwhile. */
export async function readLive(opened: Opened): Promise<ReadonlyMap<string, number>> {
  const reader = await openStateReader(opened);
  try {
    return new Map((await reader.list()).flatMap(({ key, checkpoint }) => (checkpoint === undefined ? [] : [[key, checkpoint.until] as const])));
  } finally {
    await reader.close();
  }
}

/** The end of what a backfill may touch of a partition: live collection sends what lies behind without looking ids up, and late events of its overlap too. */
export function toLiveEdge({ partition, window }: PlannedPartition, live: ReadonlyMap<string, number>): number {
  return (live.get(toPartitionKey(partition)) ?? Number.POSITIVE_INFINITY) - window.overlapMs;
}

/** Says where live collection takes over, where that lies inside of the interval; true where it does. */
export function sayLive(
  planned: PlannedPartition,
  { interval, edge, now }: { readonly interval: Window; readonly edge: number; readonly now: number },
  log: Log,
): boolean {
  if (edge >= Math.min(interval.before, toNewest(planned.window, now))) return false;
  const { stream, source, scopeId } = planned.partition;
  log('info', `${stream} ${source} of ${scopeId}: what lies behind ${toTime(edge)} is left to live collection, which goes on from there`);
  return true;
}
