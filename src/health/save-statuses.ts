import type { PartitionStatus } from '../collect/partition-status.ts';
import type { StatusBook } from './status-book.ts';

interface SaverOptions {
  readonly book: StatusBook;
  /** Where statuses are kept; slow or failing, it never holds up collecting. */
  readonly save: (key: string, status: PartitionStatus) => Promise<void>;
  readonly now: () => number;
  /** Rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Told once that saving fails, and again after all of it has worked in between. */
  readonly warn: (error: unknown) => void;
}

/** Keeps the stored statuses near what the book says. */
export interface StatusSaver {
  /** Saves what changed every few seconds, and everything once a minute as a sign of life. Ends when the signal fires. */
  run(signal: AbortSignal): Promise<void>;
  /** Saves what is not saved yet. */
  flush(): Promise<void>;
}

/** A partition is saved at most once in this time, unless its state changes. */
export const SAVE_EVERY_MS = 5_000;
/** As often is said that a collector is alive. */
export const REFRESH_MS = 60_000;
const AT_ONCE = 8;

class Saver implements StatusSaver {
  readonly #options: SaverOptions;
  /** Partitions whose stored status is behind the book. */
  readonly #dirty = new Set<string>();
  /** At most one save of a partition is under way: a later one must not be overtaken by it. */
  readonly #saving = new Map<string, Promise<void>>();
  readonly #savedAt = new Map<string, number>();
  /** Partitions whose last save failed. */
  readonly #failing = new Set<string>();

  constructor(options: SaverOptions) {
    this.#options = options;
    options.book.onChange((key, urgent) => {
      this.#dirty.add(key);
      if (urgent) void this.#save(key);
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#noteOld();
      await this.flush();
      // Rejects when the signal fires: then the loop ends.
      await this.#options.sleep(SAVE_EVERY_MS, signal).catch(() => {});
    }
  }

  async flush(): Promise<void> {
    const keys = [...this.#dirty];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let key = keys.pop(); key !== undefined; key = keys.pop()) await this.#save(key);
      }),
    );
  }

  #noteOld(): void {
    const { book, now } = this.#options;
    for (const { key } of book.list()) {
      if (now() - (this.#savedAt.get(key) ?? Number.NEGATIVE_INFINITY) >= REFRESH_MS) this.#dirty.add(key);
    }
  }

  async #save(key: string): Promise<void> {
    const before = this.#saving.get(key);
    if (before !== undefined) await before;
    // Another one that waited as well may have saved it by now.
    if (!this.#dirty.has(key) || this.#saving.has(key)) return;
    const saving = this.#saveNow(key).finally(() => this.#saving.delete(key));
    this.#saving.set(key, saving);
    await saving;
  }

  async #saveNow(key: string): Promise<void> {
    const { book, save, now, warn } = this.#options;
    const health = book.get(key);
    this.#dirty.delete(key);
    if (health === undefined) return;
    try {
      await save(key, health.status);
      this.#savedAt.set(key, now());
      this.#failing.delete(key);
    } catch (error) {
      this.#dirty.add(key);
      if (this.#failing.size === 0) warn(error);
      this.#failing.add(key);
    }
  }
}

/** Makes what saves the statuses of a book; it listens from now on. */
export function createStatusSaver(options: SaverOptions): StatusSaver {
  return new Saver(options);
}
