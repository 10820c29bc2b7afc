import type { OpenWriter, Outcomes } from '../collect/ports.ts';
import { groupBy } from '../elasticsearch/group-by.ts';
import { type RecordOrigin, toCollectorPartition, toDropRecords, toHeartbeatRecord } from './heartbeat-record.ts';
import type { PartitionHealth, StatusBook } from './status-book.ts';

interface HeartbeatsOptions {
  readonly book: StatusBook;
  readonly openWriter: OpenWriter;
  /** Time between two signs of life; 0 for none at all. */
  readonly intervalMs: number;
  readonly now: () => number;
  /** Rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Version of this program. */
  readonly version: string;
  readonly warn: (message: string, error?: unknown) => void;
  /** Ends what is being written. */
  readonly signal: AbortSignal;
}

/** Writes signs of life into the `collector` data stream, beside collecting. */
export interface Heartbeats {
  /** Every interval. Ends when the signal fires, and what is being written then is written. */
  run(signal: AbortSignal): Promise<void>;
  /** Now: what a run that ends has counted since its last one. */
  send(): Promise<void>;
}

class Beating implements Heartbeats {
  readonly #options: HeartbeatsOptions;
  #failing = false;
  #refused = false;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs, sleep } = this.#options;
    while (intervalMs > 0 && !signal.aborted) {
      await sleep(intervalMs, signal).catch(() => {});
      if (!signal.aborted) await this.send();
    }
  }

  async send(): Promise<void> {
    const { book, intervalMs, signal } = this.#options;
    for (const group of toGroups(book.listUntold())) {
      if (intervalMs === 0 || this.#refused || signal.aborted) return;
      await this.#sendGroup(group);
    }
  }

  /** Counts that could not be stored stay for the next one. */
  async #sendGroup(group: readonly PartitionHealth[]): Promise<void> {
    const { book, now, signal, version, warn } = this.#options;
    const origin = { now: now(), version };
    try {
      const outcomes = await this.#write(group, origin);
      // Each would be one more dead letter, and their file has a limit.
      this.#refused = outcomes.dead > 0;
      if (this.#refused) warn('Elasticsearch refuses heartbeats: none is written any more; the dead letters say why');
      for (const { key, sinceBeat } of group) book.beaten(key, sinceBeat);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing && !signal.aborted) warn('writing heartbeats failed', error);
      this.#failing = true;
    }
  }

  async #write(group: readonly PartitionHealth[], origin: RecordOrigin): Promise<Outcomes> {
    const [first] = group as readonly [PartitionHealth];
    const { openWriter, signal } = this.#options;
    const writer = openWriter(toCollectorPartition(first.partition), signal);
    try {
      await writer.add(group.flatMap((health) => [toHeartbeatRecord(health, origin), ...toDropRecords(health, origin)]));
      return await writer.settle();
    } catch (error) {
      await writer.abandon().catch(() => {});
      throw error;
    }
  }
}

/** Partitions whose records go through one writer: those of a connection in one namespace. */
function toGroups(partitions: readonly PartitionHealth[]): Iterable<readonly PartitionHealth[]> {
  return groupBy(partitions, ({ partition: { connection, namespace } }) => `${connection}/${namespace}`).values();
}

/** Makes the heartbeats of a book; nothing is written yet. */
export function createHeartbeats(options: HeartbeatsOptions): Heartbeats {
  return new Beating(options);
}
