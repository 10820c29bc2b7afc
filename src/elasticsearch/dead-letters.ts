import { isUtf8 } from 'node:buffer';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CollectedRecord, Partition } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
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

function toLine({ partition, record, status, reason }: DeadLetter, time: Date): Buffer {
  const { raw, id } = record;
  const text = isUtf8(raw) ? { raw: raw.toString() } : { raw_base64: raw.toString('base64') };
  const { connection, namespace, stream, source, scopeId } = partition;
  return Buffer.from(
    `${JSON.stringify({ time: time.toISOString(), connection, namespace, stream, source, scope_id: scopeId, id, status, reason, ...text })}\n`,
  );
}

function toKey(namespace: string, stream: string, id: string): string {
  return `${namespace}/${stream}/${id}`;
}

class DeadLettersFile implements DeadLetters {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #now: () => Date;
  #opening: Promise<{ readonly file: FileHandle; readonly known: Set<string> }> | undefined;
  #bytes = 0;
  #dirty = false;
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
    return this.#inTurn(async () => {
      if (this.#dirty && this.#opening !== undefined) {
        await (await this.#opening).file.sync();
        this.#dirty = false;
      }
    });
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
    for await (const { namespace, stream, id } of readDeadLetters(this.#path)) {
      known.add(toKey(namespace, stream, id));
    }
    const file = await open(this.#path, 'a+', 0o600);
    const { size } = await file.stat();
    this.#bytes = size;
    await this.#endCutLine(file, size);
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

  async #write(letter: DeadLetter): Promise<void> {
    this.#opening ??= this.#open();
    const { file, known } = await this.#opening.catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    const key = toKey(letter.partition.namespace, letter.partition.stream, letter.record.id);
    if (known.has(key)) {
      return;
    }
    const line = toLine(letter, this.#now());
    if (this.#bytes + line.length > this.#maxBytes) {
      throw new ElasticsearchError(
        `the dead letters in ${this.#path} have reached their limit of ${this.#maxBytes} bytes; the next is a record of ${letter.partition.stream}: ${letter.reason}`,
        {
          hint: 'Read the reasons in the file, mend their cause, then replay the file or move it away. Nothing is lost: the window is read again.',
        },
      );
    }
    await file.appendFile(line);
    this.#bytes += line.length;
    this.#dirty = true;
    known.add(key);
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
