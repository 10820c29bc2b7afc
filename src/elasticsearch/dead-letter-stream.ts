import type { OpenWriter, Partition } from '../collect/ports.ts';
import { toLetterKey } from './dead-letter-line.ts';
import { toDeadLetterRecord } from './dead-letter-record.ts';
import { type DeadLetter, type DeadLetters, toStoredLetter } from './dead-letters.ts';
import { COLLECTOR_STREAM } from './gap-writer.ts';
import { groupBy } from './group-by.ts';

interface DeadLetterStreamOptions {
  /** Makes the writer of events, with other dead letters than its own. */
  readonly openWriterWith: (deadLetters: DeadLetters) => OpenWriter;
  /** Takes what the data stream does not take, and what is about the collector stream itself. */
  readonly fallback: DeadLetters;
  readonly now: () => Date;
  /** Version of this program. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** How much is held back before it is written. @default 1 MiB */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;

class DeadLetterStream implements DeadLetters {
  readonly #options: DeadLetterStreamOptions;
  /** Appended, but not yet settled: where writing them fails, they stay, and whoever waits for them is told. */
  readonly #pending = new Map<string, DeadLetter>();
  #pendingBytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DeadLetterStreamOptions) {
    this.#options = options;
  }

  append(letter: DeadLetter): Promise<void> {
    if (letter.partition.stream === COLLECTOR_STREAM) {
      return this.#options.fallback.append(letter);
    }
    return this.#inTurn(async () => {
      const { namespace, stream } = letter.partition;
      const key = toLetterKey({ namespace, stream, id: letter.record.id });
      this.#pendingBytes += this.#pending.has(key) ? 0 : letter.record.raw.length;
      this.#pending.set(key, letter);
      if (this.#pendingBytes >= (this.#options.maxBytes ?? DEFAULT_MAX_BYTES)) {
        await this.#send();
      }
    });
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#send();
      await this.#options.fallback.flush();
    });
  }

  /** What is not flushed belongs to a window that is not settled: it is read again. */
  async close(): Promise<void> {
    await this.#last;
    await this.#options.fallback.close();
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #send(): Promise<void> {
    const byTarget = groupBy(this.#pending.values(), ({ partition }) => JSON.stringify([partition.connection, partition.namespace]));
    for (const letters of byTarget.values()) {
      await this.#write(letters);
    }
    this.#pending.clear();
    this.#pendingBytes = 0;
  }

  /** Whatever keeps the data stream from taking them, the file has them. */
  async #write(letters: readonly DeadLetter[]): Promise<void> {
    const { fallback, now, version, openWriterWith, signal } = this.#options;
    const time = now();
    const records = letters.map((letter) => toDeadLetterRecord(toStoredLetter(letter, time), version));
    const originals = new Map(records.map(({ id }, index) => [id, letters[index] as DeadLetter]));
    const refused: DeadLetters = {
      append: ({ record }) => fallback.append(originals.get(record.id) as DeadLetter),
      flush: () => fallback.flush(),
      close: () => Promise.resolve(),
    };
    const target: Partition = { ...(letters[0] as DeadLetter).partition, stream: COLLECTOR_STREAM, source: COLLECTOR_STREAM };
    const writer = openWriterWith(refused)(target, signal);
    try {
      await writer.add(records);
      await writer.settle();
    } catch {
      await writer.abandon().catch(() => {});
      for (const letter of letters) {
        await fallback.append(letter);
      }
      await fallback.flush();
    }
  }
}

/** Keeps dead letters as records of the `collector` data stream, in the namespace of their events; one that it does not take goes to the fallback. */
export function openDeadLetterStream(options: DeadLetterStreamOptions): DeadLetters {
  return new DeadLetterStream(options);
}
