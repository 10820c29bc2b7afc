import { addCounts } from '../collect/add-counts.ts';
import type { Totals } from '../collect/partition-status.ts';

/** Nothing counted. */
export const nothing: Totals = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0, gaps: 0 };

/** True where nothing is counted. */
export function isNothing(totals: Totals): boolean {
  const { droppedBy, ...counts } = totals;
  return droppedBy === undefined && Object.values(counts).every((count) => count === 0);
}

/** Adds two counts up, or takes the second off. */
export function combine(a: Totals, b: Totals, sign: 1 | -1 = 1): Totals {
  const droppedBy = addCounts(a.droppedBy, b.droppedBy, sign);
  return {
    read: a.read + sign * b.read,
    created: a.created + sign * b.created,
    duplicate: a.duplicate + sign * b.duplicate,
    dead: a.dead + sign * b.dead,
    dropped: a.dropped + sign * b.dropped,
    ...(droppedBy === undefined ? {} : { droppedBy }),
    gaps: a.gaps + sign * b.gaps,
  };
}
