import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CollectedRecord, Partition } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
import { type StoredDeadLetter, toLetterKey, toLetterLine } from './dead-letter-line.ts';
import { readDeadLetters } from './read-dead-letters.ts';

/** A record that Elasticsearch will never take as it is. */
export interface DeadLetter {
  readonly partition: Partition;
  readonly record: CollectedRecord;
  /** Status of the item; 0 where the record was never sent. */
  readonly status: number;
  readonly reason: string;
}

/** Keeps records that cannot be indexed. */
export interface DeadLetters {
  /**
   * Resolves when the letter is written; one that the file already holds is not written again.
   * @throws ElasticsearchError when the file would outgrow its cap, or cannot be written
   */
  append(letter: DeadLetter): Promise<void>;
  /** Resolves when everything appended is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface DeadLettersOptions {
  /** @default 100 MiB */
  readonly maxBytes?: number;
  readonly now: () => Date;
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

/** What is not on disk yet is kept in memory as well. */
const MAX_UNSYNCED_BYTES = 1024 * 1024;

/** The letter as it is kept. */
export function toStoredLetter({ partition, record, status, reason }: DeadLetter, time: Date): StoredDeadLetter {
  const { connection, namespace, stream, source, scopeId } = partition;
  return { time: time.toISOString(), connection, namespace, stream, source, scope_id: scopeId, id: record.id, status, reason, raw: record.raw };
}

class DeadLettersFile implements DeadLetters {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #now: () => Date;
  #opening: Promise<{ readonly file: FileHandle; readonly known: Set<string> }> | undefined;
  #bytes = 0;
  /** Lines written since the last sync, by key. */
  readonly #unsynced = new Map<string, Buffer>();
  #unsyncedBytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: DeadLettersOptions) {
    this.#path = path;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#now = options.now;
  }

  append(letter: DeadLetter): Promise<void> {
    return this.#inTurn(() => this.#write(letter));
  }

  flush(): Promise<void> {
    return this.#inTurn(() => this.#sync());
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await (await this.#opening)?.file.close();
      this.#opening = undefined;
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act).catch((error: unknown) => {
      throw this.#toError(error);
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #toError(error: unknown): unknown {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof ElasticsearchError || typeof code !== 'string') {
      return error;
    }
    return new ElasticsearchError(`writing the dead letters to ${this.#path}: ${code}`, {
      hint: 'Make room on the disk and let this user write the file; the records are read again at the next attempt.',
      cause: error,
    });
  }

  async #open(): Promise<{ readonly file: FileHandle; readonly known: Set<string> }> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const known = new Set<string>();
    for await (const letter of readDeadLetters(this.#path)) {
      known.add(toLetterKey(letter));
    }
    const file = await open(this.#path, 'a+', 0o600);
    const { size } = await file.stat();
    this.#bytes = size;
    try {
      await this.#endCutLine(file, size);
      await this.#writeAgain(file);
    } catch (error) {
      await file.close();
      throw error;
    }
    return { file, known };
  }

  /** A line that a crash cut short must not swallow the next one. */
  async #endCutLine(file: FileHandle, size: number): Promise<void> {
    if (size === 0) {
      return;
    }
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] !== 0x0a) {
      await file.appendFile('\n');
      this.#bytes += 1;
    }
  }

  /** Whether what was written before a failure has reached the disk, nobody knows: a second copy of a letter does no harm. */
  async #writeAgain(file: FileHandle): Promise<void> {
    for (const line of this.#unsynced.values()) {
      await file.appendFile(line);
      this.#bytes += line.length;
    }
  }

  async #opened(): Promise<{ readonly file: FileHandle; readonly known: Set<string> }> {
    this.#opening ??= this.#open();
    return this.#opening.catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
  }

  /** After a failure the file may end in half a line: it is opened anew. */
  async #orReopen(act: () => Promise<void>): Promise<void> {
    const { file } = await this.#opened();
    try {
      await act();
    } catch (error) {
      this.#opening = undefined;
      await file.close().catch(() => {});
      throw error;
    }
  }

  async #write(letter: DeadLetter): Promise<void> {
    const { file, known } = await this.#opened();
    const stored = toStoredLetter(letter, this.#now());
    const key = toLetterKey(stored);
    if (known.has(key)) {
      return;
    }
    const line = toLetterLine(stored);
    if (this.#bytes + line.length > this.#maxBytes) {
      throw new ElasticsearchError(
        `the dead letters in ${this.#path} have reached their limit of ${this.#maxBytes} bytes; the next is a record of ${stored.stream}: ${stored.reason}`,
        {
          hint: 'Read the reasons with `dlq list`, mend their cause, then run `dlq replay` or move the file away. Nothing is lost: the window is read again.',
        },
      );
    }
    await this.#orReopen(() => file.appendFile(line));
    this.#bytes += line.length;
    this.#unsynced.set(key, line);
    this.#unsyncedBytes += line.length;
    known.add(key);
    if (this.#unsyncedBytes > MAX_UNSYNCED_BYTES) {
      await this.#sync();
    }
  }

  async #isInPlace(file: FileHandle): Promise<boolean> {
    const [own, there] = await Promise.all([file.stat(), stat(this.#path).catch(() => undefined)]);
    return own.ino === there?.ino;
  }

  async #sync(): Promise<void> {
    if (this.#unsynced.size === 0) {
      return;
    }
    let { file } = await this.#opened();
    await this.#orReopen(() => file.sync());
    // A replay, or a person, may have put another file in its place.
    while (!(await this.#isInPlace(file))) {
      await file.close();
      this.#opening = undefined;
      ({ file } = await this.#opened());
      await this.#orReopen(() => file.sync());
    }
    this.#unsynced.clear();
    this.#unsyncedBytes = 0;
  }
}

/**
 * Opens the file of dead letters: one JSON object a line (`time`, `connection`, `namespace`, `stream`, `source`,
 * `scope_id`, `id`, `status`, `reason` and the record as `raw`, or as `raw_base64` where it is no UTF-8). The file is made
 * with the first letter. Writers of one process share it; a full file is an error that stops the partition, never a silent loss.
 */
export function openDeadLetters(path: string, options: DeadLettersOptions): DeadLetters {
  return new DeadLettersFile(path, options);
}
