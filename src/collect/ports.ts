/** What the heart takes as functions, and the data that passes through it. It imports neither Cloudflare nor Elasticsearch. */

/** The smallest unit that is scheduled, checkpointed and isolated: one connection's stream, source and account, zone or user. */
export interface Partition {
  readonly connection: string;
  /** Namespace of the data stream, e.g. `default`. */
  readonly namespace: string;
  /** Name of the declared data stream, e.g. `audit`. */
  readonly stream: string;
  readonly source: string;
  /** Account or zone id; for a user source the id of the connection's user, or `user`. */
  readonly scopeId: string;
  /** Time between two polls, in milliseconds. */
  readonly intervalMs: number;
  /** How far back the first window reaches, in milliseconds. */
  readonly initialIntervalMs: number;
}

/** Half-open in UTC: `since` belongs to it, `before` does not. Epoch milliseconds. */
export interface Window {
  readonly since: number;
  readonly before: number;
}

/** One record as Cloudflare sent it. */
export interface CollectedRecord {
  /** Document id by the declared rule. */
  readonly id: string;
  /** Time of the event in epoch milliseconds, where it has one. */
  readonly timeMs: number | undefined;
  /** The record's bytes: JSON text, not decoded and not encoded anew. */
  readonly raw: Buffer;
  /** What was looked up about it: goes with it in `_conf`, never into its id. @default nothing */
  readonly conf?: Readonly<Record<string, unknown>>;
}

/** Told of a stretch inside a window that cannot be had whole, and why. */
export type OnLost = (lost: Window, reason: string) => void;

/**
 * Reads one window of one partition, batch by batch; a batch is bounded in bytes. Pulling is back-pressure. Where nobody takes `onLost`, a window that cannot be
 * had whole is an error.
 * @throws CloudflareError with the act that follows from it
 */
export type Read = (partition: Partition, window: Window, signal: AbortSignal, onLost?: OnLost) => AsyncIterable<readonly CollectedRecord[]>;

/** How every record of a window ended. */
export interface Outcomes {
  readonly read: number;
  readonly created: number;
  readonly duplicate: number;
  readonly dead: number;
  readonly dropped: number;
  /** How many of the dropped each declared rule left out, by name; absent where there are none. What Elasticsearch's pipeline dropped stands under `ingest pipeline`. */
  readonly droppedBy?: Counts;
}

/** Numbers by name; none is 0. */
export type Counts = Readonly<Record<string, number>>;

/** Takes the records of one window. */
export interface Writer {
  /** Resolves when there is room for more; waits while Elasticsearch refuses. */
  add(records: readonly CollectedRecord[]): Promise<void>;
  /**
   * Resolves when every record added is settled: created, already there, dropped by a declared rule, or dead-lettered.
   * @throws ElasticsearchError when some could not be settled
   */
  settle(): Promise<Outcomes>;
  /** Gives up what is not yet sent; used when reading fails. Records already sent stay: their ids make a second send harmless. */
  abandon(): Promise<void>;
}

/** Opens a writer for one window of one partition. */
export type OpenWriter = (partition: Partition, signal: AbortSignal) => Writer;

/** Which backing index of the partition's data stream takes writes now; undefined before the first write. */
export type ReadGeneration = (partition: Partition) => Promise<string | undefined>;

/** Which of these ids the partition's data stream already holds, in any of its backing indices. */
export type FindExisting = (partition: Partition, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** An interval that is lost, and why. */
export interface Gap {
  readonly partition: Partition;
  readonly window: Window;
  readonly reason: string;
}

/** Writes a gap record into the `collector` data stream. */
export type WriteGap = (gap: Gap) => Promise<void>;
