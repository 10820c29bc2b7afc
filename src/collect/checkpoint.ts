import type { PartitionStatus } from './partition-status.ts';
import type { Window } from './ports.ts';
import type { Turns } from './turns.ts';

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
}

export interface Intent {
  readonly window: Window;
  /** The backing index that took writes when the window was begun; undefined where there was none yet. Tells a person where its records may be. */
  readonly generation?: string;
}

/** What a store knows of one partition. */
export interface StateEntry {
  /** As `toPartitionKey` makes it. */
  readonly key: string;
  readonly checkpoint?: Checkpoint;
  readonly status?: PartitionStatus;
  /** Which collector works on it at this moment. */
  readonly holder?: string;
}

/** Where checkpoints survive the process. */
export interface CheckpointStore {
  /** Where collectors share the partitions: who may work on which. Without it all are this process's own. */
  readonly turns?: Turns;
  /** @throws StateError when the stored checkpoint is of a newer version */
  load(key: string): Promise<Checkpoint | undefined>;
  /**
   * Resolves when the checkpoint would survive a power failure.
   * @throws StateError where another process wrote the partition's since it was loaded
   */
  save(key: string, checkpoint: Checkpoint): Promise<void>;
  /** Lets another process use the store. */
  close(): Promise<void>;
}

/** What of a store can be seen while others use it: no lock is taken, nothing is written. */
export interface StateReader {
  /** Id of the Elasticsearch cluster that the checkpoints are about; undefined before the first collection. */
  readClusterId(): Promise<string | undefined>;
  /** Every partition that was ever saved, in the order of keys. */
  list(): Promise<readonly StateEntry[]>;
}

/** The same, with all that is known beside checkpoints. */
export interface StateStore extends CheckpointStore, StateReader {
  /** Replaces what is known of the partition's health; may be lost with the power. */
  saveStatus(key: string, status: PartitionStatus): Promise<void>;
  /**
   * Forgets the partition; nothing happens where it is not known.
   * @throws StateError when a collector works on it, unless `evenHeld`
   */
  remove(key: string, options?: { readonly evenHeld?: boolean }): Promise<void>;
  /** Forgets which cluster the state is about: whoever opens it next decides. */
  unbind(): Promise<void>;
}
