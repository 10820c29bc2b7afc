import type { Counts, Partition, Window } from './ports.ts';

/** How a partition was when a collector last said so. Plain data, kept beside its checkpoint: whoever reads the state can show it. */
export interface PartitionStatus {
  readonly partition: Omit<Partition, 'intervalMs' | 'initialIntervalMs'>;
  readonly intervalMs: number;
  /** `waiting`: Cloudflare asked to wait; `paused`: somebody must act; `failed`: tried again with the next poll. */
  readonly state: 'caughtUp' | 'behind' | 'waiting' | 'paused' | 'failed';
  /** Why it waits, is paused or failed, and what to do. */
  readonly reason?: string;
  readonly hint?: string;
  /** When it is tried again; epoch milliseconds, as all times here. */
  readonly nextTryMs?: number;
  readonly lastWindow?: Window;
  /** Time of the newest event that was read. */
  readonly lastEventMs?: number;
  /** Since the partition's first window. */
  readonly totals: Totals;
  /** Requests that its rate budget still allowed at that time. */
  readonly budgetLeft?: number;
  /** When the credential of its connection expires, where it does. */
  readonly credentialExpiresMs?: number;
  /** Which collector said so. */
  readonly instance: string;
  readonly updatedMs: number;
}

/** Counts of records, and of lost intervals. */
export interface Totals {
  readonly read: number;
  readonly created: number;
  readonly duplicate: number;
  readonly dead: number;
  readonly dropped: number;
  /** As in the outcomes of a window. */
  readonly droppedBy?: Counts;
  readonly gaps: number;
}
