import type { PartitionStatus } from '../collect/partition-status.ts';

/** A partition's state as documents, metrics and JSON spell it. */
export function toStateName(state: PartitionStatus['state'] | 'unknown'): string {
  return state === 'caughtUp' ? 'caught_up' : state;
}
