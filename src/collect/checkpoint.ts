import type { PartitionStatus } from './partition-status.ts';
import type { Window } from './ports.ts';

/** How far a partition is settled, and what has to be known to go on without loss and without duplicates. Plain data: a store may keep it as JSON. */
export interface Checkpoint {
  /** Everything before this time is settled. Epoch milliseconds. */
  readonly until: number;
  /**
   * Ids of the stretch that the next window reads again, each behind the time of its event: ids are unique inside one backing index only, so a rollover
   * would store these events twice. Bounded by the declared overlap: none for a source without, else the events of the last minutes.
   */
  readonly remembered: readonly string[];
  /** A window whose records may already be stored in part: saved before its first record is sent. */
  readonly intent?: Intent;
  /** What lies before is recorded as lost and not asked for again. Epoch milliseconds. */
  readonly floor?: number;
  /** Longest window that is asked for, in milliseconds; absent where the source gets windows of the declared length. */
  readonly maxWindowMs?: number;
  /** The past interval that is collected, as it was when a backfill of it began; absent for live collection. */
  readonly interval?: Window;
}

export interface Intent {
  readonly window: Window;
  /** The backing index that took writes when the window was begun; undefined where there was none yet. */
  readonly generation?: string;
}

/** What a store knows of one partition. */
export interface StateEntry {
  /** As `toPartitionKey` makes it. */
  readonly key: string;
  readonly checkpoint?: Checkpoint;
  readonly status?: PartitionStatus;
}

/** Where checkpoints survive the process. */
export interface CheckpointStore {
  /** @throws StateError when the stored checkpoint is of a newer version */
  load(key: string): Promise<Checkpoint | undefined>;
  /** Resolves when the checkpoint would survive a power failure. */
  save(key: string, checkpoint: Checkpoint): Promise<void>;
  /** Lets another process use the store. */
  close(): Promise<void>;
}

/** The same, with all that is known beside checkpoints. */
export interface StateStore extends CheckpointStore {
  /** Replaces what is known of the partition's health; may be lost with the power. */
  saveStatus(key: string, status: PartitionStatus): Promise<void>;
  /** Every partition that was ever saved, in the order of keys. */
  list(): Promise<readonly StateEntry[]>;
  /** Forgets the partition; nothing happens where it is not known. */
  remove(key: string): Promise<void>;
}
