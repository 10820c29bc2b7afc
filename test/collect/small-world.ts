import type { Checkpoint, CheckpointStore } from '../../src/collect/checkpoint.ts';
import type { CollectPorts } from '../../src/collect/partition-run.ts';
import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import type { CollectedRecord, Gap, Partition, Window, Writer } from '../../src/collect/ports.ts';
import type { Report } from '../../src/collect/report.ts';
import type { WindowDefinition } from '../../src/definition/definition.ts';

/** The process dies here: whatever it was about to do did not happen. */
export class Crash extends Error {}

export const minute = 60_000;
export const start = Date.parse('2026-11-21T00:00:00Z');

export const partition: Partition = {
  connection: 'main',
  namespace: 'default',
  stream: 'audit',
  source: 'v1',
  scopeId: 'a',
  intervalMs: 5 * minute,
  initialIntervalMs: 30 * minute,
};

export const overlapping: WindowDefinition = {
  since: 'since',
  before: 'before',
  inclusive: 'both',
  maxMs: 10 * minute,
  retentionMs: 600 * minute,
  lagMs: minute,
  overlapMs: 5 * minute,
};

export function plan(window: WindowDefinition = overlapping, scopeId = 'a'): PlannedPartition {
  return { partition: { ...partition, scopeId }, window, minWindowMs: minute };
}

interface SmallWorldOptions {
  /** Times of all events, epoch milliseconds; the id of the event is its place. */
  readonly events: readonly number[];
  /** Called before every effect of the collector, with a running number; may throw a Crash. */
  readonly beforeEffect?: (number: number) => void;
  /** Replaces the answer for a window; may throw a CloudflareError. */
  readonly onRead?: (partition: Partition, window: Window) => void;
  readonly report?: Partial<Report>;
}

/** A Cloudflare, a data stream whose ids are unique inside one backing index only, and a disk: all in memory, all outlive the collector. */
export class SmallWorld {
  now = start + 60 * minute;
  readonly gaps: Gap[] = [];
  /** Ids by backing index, the last takes writes. */
  readonly indices: Set<string>[] = [new Set()];
  readonly #disk = new Map<string, string>();
  readonly #options: SmallWorldOptions;
  #effects = 0;

  constructor(options: SmallWorldOptions) {
    this.#options = options;
  }

  rollOver(): void {
    this.indices.push(new Set());
  }

  /** All stored ids, with their copies. */
  stored(): readonly string[] {
    return this.indices.flatMap((ids) => [...ids]).sort();
  }

  checkpoint(key: string): Checkpoint | undefined {
    const text = this.#disk.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
  }

  /** The ports of a new process. */
  ports(): CollectPorts {
    return {
      read: (asked, window) => this.#read(asked, window),
      openWriter: () => this.#openWriter(),
      readGeneration: async () => String(this.indices.length),
      findExisting: async (_partition, ids) => new Set(ids.filter((id) => this.indices.some((stored) => stored.has(id)))),
      writeGap: async (gap) => {
        this.#effect();
        this.gaps.push(gap);
      },
      store: this.#store(),
      now: () => this.now,
      random: () => 0,
      sleep: async (ms) => {
        this.now += ms;
      },
      report: { window: () => {}, gap: () => {}, again: () => {}, stopped: () => {}, ...this.#options.report },
    };
  }

  #effect(): void {
    this.#effects += 1;
    this.#options.beforeEffect?.(this.#effects);
  }

  #store(): CheckpointStore {
    return {
      load: async (key) => this.checkpoint(key),
      save: async (key, checkpoint) => {
        this.#effect();
        this.#disk.set(key, JSON.stringify(checkpoint));
      },
      close: async () => {},
    };
  }

  async *#read(asked: Partition, window: Window): AsyncGenerator<readonly CollectedRecord[]> {
    this.#options.onRead?.(asked, window);
    const records = this.#options.events.flatMap((time, index): CollectedRecord[] =>
      time >= window.since && time < window.before ? [{ id: `e${index}`, timeMs: time, raw: Buffer.from('{}') }] : [],
    );
    for (let from = 0; from < records.length; from += 3) yield records.slice(from, from + 3);
  }

  /** Sends each batch at once; a crash between two records leaves the first stored. */
  #openWriter(): Writer {
    const counts = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 };
    return {
      add: async (records) => {
        for (const { id } of records) {
          this.#effect();
          const index = this.indices.at(-1);
          counts.read += 1;
          counts[index?.has(id) ? 'duplicate' : 'created'] += 1;
          index?.add(id);
        }
      },
      settle: async () => ({ ...counts }),
      abandon: async () => {},
    };
  }
}
