import type { PlannedPartition } from '../collect/plan-partitions.ts';
import type { PastPartition } from '../collect/plan-past.ts';
import type { Window } from '../collect/ports.ts';
import { UsageError } from '../errors.ts';
import type { Log } from './log.ts';
import { renderDuration } from './progress.ts';
import { toTime } from './to-time.ts';

/** One planned partition and what of the asked interval is within its reach. */
export interface Reach {
  readonly planned: PlannedPartition;
  readonly past: PastPartition;
  /** A part of the interval is left to live collection. @default false */
  readonly leftToLive?: boolean;
}

/**
 * Warns, once for each source, of how much of the asked interval cannot be had.
 * @throws UsageError where nothing of it can be had at all
 */
export function warnOutOfReach(reaches: readonly Reach[], asked: Window, log: Log): void {
  const messages = new Set(reaches.flatMap((reach) => toMessages(reach, asked)));
  for (const message of messages) log('warn', message);
  if (reaches.some(({ past, leftToLive }) => past.planned !== undefined || leftToLive)) return;
  throw new UsageError(`nothing between ${toTime(asked.since)} and ${toTime(asked.before)} can be had from Cloudflare`, {
    hint: 'Name an interval that Cloudflare still keeps and that lies in the past.',
  });
}

function toMessages({ planned: { partition, window }, past }: Reach, asked: Window): readonly string[] {
  const what = `${partition.stream} ${partition.source}`;
  const { goneMs, earlyMs, within, why } = past;
  const oldest = toTime(within.since);
  const reason =
    why === 'begins' ? `the API holds nothing before ${oldest}` : `Cloudflare keeps ${renderDuration(window.retentionMs)}, so nothing before ${oldest}`;
  const gone = `${what}: ${renderDuration(goneMs)} of the ${renderDuration(asked.before - asked.since)} asked for are out of reach: ${reason}`;
  const early = `${what}: the last ${renderDuration(earlyMs)} are too recent or lie ahead: nothing behind ${toTime(within.before)} is read`;
  return [...(goneMs > 0 ? [gone] : []), ...(earlyMs > 0 && past.planned !== undefined ? [early] : [])];
}
