import { type BoundedWindow, toNewest, toOldest } from './next-window.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { Window } from './ports.ts';

/** What of a past interval a partition's source can still be asked for. */
export interface PastPartition {
  /** Bounded to what can be had; undefined where nothing of the interval can. */
  readonly planned: PlannedPartition | undefined;
  /** The part that can be asked for; its end lies before its start where there is none. */
  readonly within: Window;
  /** The first part, which Cloudflare does not hold (any more), in milliseconds; 0 where it holds all. */
  readonly goneMs: number;
  /** Why: events are dropped after some time, or the source began later. */
  readonly why: 'retention' | 'begins';
  /** The last part, which is too recent to be complete or lies in the future, in milliseconds. */
  readonly earlyMs: number;
}

/** Bounds a partition to a past interval in whole seconds, as far as its source can answer at `now`. */
export function planPast(planned: PlannedPartition, asked: Window, now: number): PastPartition {
  const { window, partition, minWindowMs } = planned;
  const oldest = toOldest(window, now);
  const within = { since: Math.max(asked.since, oldest), before: Math.min(asked.before, toNewest(window, now)) };
  const bounded: BoundedWindow = { ...window, beginsMs: within.since, endsMs: within.before };
  return {
    // The first window begins where the source is said to begin: at the start of the interval.
    planned: within.since < within.before ? { partition: { ...partition, initialIntervalMs: now }, window: bounded, minWindowMs } : undefined,
    within,
    goneMs: Math.min(within.since, asked.before) - asked.since,
    why: oldest === window.beginsMs ? 'begins' : 'retention',
    earlyMs: asked.before - Math.max(within.before, asked.since),
  };
}
