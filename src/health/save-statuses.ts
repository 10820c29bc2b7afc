import type { StateEntry } from '../collect/checkpoint.ts';
import type { PartitionStatus } from '../collect/partition-status.ts';
import type { StatusBook } from './status-book.ts';
import { isNothing } from './totals.ts';

interface SaverOptions {
  readonly book: StatusBook;
  /** Where statuses are kept; slow or failing, it never holds up collecting. */
  readonly save: (key: string, status: PartitionStatus) => Promise<void>;
  /** Where collectors share partitions: what all of them have stored. */
  readonly readAll?: (() => Promise<readonly StateEntry[]>) | undefined;
  readonly now: () => number;
  /** Rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Told once that saving fails, and again after all of it has worked in between. */
  readonly warn: (error: unknown) => void;
}

/** Keeps the stored statuses near what the book says. */
export interface StatusSaver {
  /** Saves a new state at once, other changes every few seconds, and everything once a minute as a sign of life. Ends when the signal fires. */
  run(signal: AbortSignal): Promise<void>;
  /** Saves what is not saved yet; not while it runs. */
  flush(): Promise<void>;
}

/** A partition is saved at most once in this time, unless its state changes. */
export const SAVE_EVERY_MS = 5_000;
/** As often is said that a collector is alive. */
export const REFRESH_MS = 60_000;
const AT_ONCE = 8;

class Saver implements StatusSaver {
  readonly #options: SaverOptions;
  /** Partitions whose stored status is behind the book, and those of them that cannot wait. */
  readonly #dirty = new Set<string>();
  readonly #urgent = new Set<string>();
  readonly #savedAt = new Map<string, number>();
  /** Partitions whose last save failed. */
  readonly #failing = new Set<string>();
  #woken = new AbortController();

  constructor(options: SaverOptions) {
    this.#options = options;
    options.book.onChange((key, urgent) => {
      this.#dirty.add(key);
      if (!urgent) return;
      this.#urgent.add(key);
      this.#woken.abort();
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { now, sleep } = this.#options;
    let next = now();
    while (!signal.aborted) {
      this.#woken = new AbortController();
      if (now() < next) {
        await this.#saveAll([...this.#urgent]);
      } else {
        next = now() + SAVE_EVERY_MS;
        this.#noteOld();
        await this.flush();
      }
      // Rejects when it is woken: then the loop goes on.
      await sleep(Math.max(1, next - now()), AbortSignal.any([signal, this.#woken.signal])).catch(() => {});
    }
  }

  flush(): Promise<void> {
    return this.#saveAll([...this.#dirty]);
  }

  #noteOld(): void {
    const { book, now } = this.#options;
    for (const { key } of book.list()) {
      if (now() - (this.#savedAt.get(key) ?? Number.NEGATIVE_INFINITY) >= REFRESH_MS) this.#dirty.add(key);
    }
  }

  async #saveAll(keys: string[]): Promise<void> {
    // What fails is tried again with the next round, however urgent it was.
    for (const key of keys) this.#urgent.delete(key);
    if (keys.length === 0 || !(await this.#learn())) return;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let key = keys.pop(); key !== undefined; key = keys.pop()) await this.#save(key);
      }),
    );
  }

  /** False where what others have stored cannot be read: it would be overwritten. */
  async #learn(): Promise<boolean> {
    const { book, readAll } = this.#options;
    try {
      for (const entry of (await readAll?.()) ?? []) book.learn(entry);
      this.#failing.delete('');
      return true;
    } catch (error) {
      this.#fail('', error);
      return false;
    }
  }

  async #save(key: string): Promise<void> {
    const { book, save, now } = this.#options;
    const health = book.get(key);
    this.#dirty.delete(key);
    if (health === undefined || (!health.own && isNothing(health.sinceSave))) return;
    try {
      await save(key, health.status);
      book.saved(key, health.sinceSave);
      this.#savedAt.set(key, now());
      this.#failing.delete(key);
    } catch (error) {
      this.#dirty.add(key);
      this.#fail(key, error);
    }
  }

  #fail(key: string, error: unknown): void {
    if (this.#failing.size === 0) this.#options.warn(error);
    this.#failing.add(key);
  }
}

/** Makes what saves the statuses of a book; it listens from now on. */
export function createStatusSaver(options: SaverOptions): StatusSaver {
  return new Saver(options);
}
