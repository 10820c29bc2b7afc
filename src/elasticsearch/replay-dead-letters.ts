import { ElasticsearchError } from '../errors.ts';
import { type StoredDeadLetter, toLetterKey } from './dead-letter-line.ts';
import type { DeadLetters } from './dead-letters.ts';
import { findStored, type LetterSources, type PlacedLetter, readIndexedLetters, toLetterPartition } from './read-letters.ts';
import { type ReplayPorts, replayLetters } from './replay-letters.ts';
import { rewriteDeadLetters } from './rewrite-dead-letters.ts';

export interface ReplayOptions extends LetterSources, ReplayPorts {
  /** Takes the newest reason of a letter that lies in the collector data stream, where nothing can be changed. */
  readonly keepAgain: DeadLetters;
}

/** What a replay has done. */
export interface ReplayReport {
  readonly created: number;
  readonly duplicate: number;
  readonly dropped: number;
  /** What is still dead, with the newest reason. */
  readonly remaining: readonly StoredDeadLetter[];
  readonly errors: readonly ElasticsearchError[];
}

const BATCH = 250;
const NOT_WHOLE = 'the failure store has only what the pipeline made of the record, not the record itself';

/**
 * Sends every dead letter again, once, wherever it lies. Of the file's letters, only those that are still dead are left in it. What Elasticsearch holds stays
 * there; it is no longer listed once its document is stored.
 * @throws InterruptedError, or StateError; then the file is as it was, or was replayed as a whole
 */
export async function replayDeadLetters(options: ReplayOptions): Promise<ReplayReport> {
  const replay = new ReplayRun(options);
  const { path, wants } = options;
  await rewriteDeadLetters({ path, wants, replay: (letters) => replay.send(letters) });
  await replay.tryIndexed();
  return replay.report();
}

class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #tried = new Set<string>();
  readonly #remaining = new Map<string, StoredDeadLetter>();
  readonly #errors: ElasticsearchError[] = [];
  readonly #counts = { created: 0, duplicate: 0, dropped: 0 };

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  report(): ReplayReport {
    return { ...this.#counts, remaining: [...this.#remaining.values()], errors: this.#errors };
  }

  async send(letters: readonly StoredDeadLetter[]): Promise<ReadonlyMap<string, StoredDeadLetter>> {
    if (this.#isCutOff()) {
      return this.#keep(letters);
    }
    const { created, duplicate, dropped, remaining, errors } = await replayLetters(letters, this.#options);
    this.#counts.created += created;
    this.#counts.duplicate += duplicate;
    this.#counts.dropped += dropped;
    this.#errors.push(...errors);
    for (const letter of letters) {
      this.#tried.add(toLetterKey(letter));
    }
    return this.#keep(remaining.values());
  }

  /** By now the file may have changed: what it came to is told, whatever happens here. */
  async tryIndexed(): Promise<void> {
    if (this.#isCutOff()) {
      return;
    }
    try {
      await this.#sendIndexed();
    } catch (error) {
      if (!(error instanceof ElasticsearchError)) {
        throw error;
      }
      this.#errors.push(error);
    }
  }

  /** Elasticsearch cannot be reached. */
  #isCutOff(): boolean {
    return this.#errors.at(-1)?.retryable === true;
  }

  async #sendIndexed(): Promise<void> {
    let batch: PlacedLetter[] = [];
    for await (const placed of readIndexedLetters(this.#options)) {
      const key = toLetterKey(placed.letter);
      if (this.#tried.has(key)) {
        continue;
      }
      this.#tried.add(key);
      batch.push(placed);
      if (batch.length >= BATCH) {
        await this.#sendBatch(batch);
        batch = [];
      }
    }
    await this.#sendBatch(batch);
    await this.#options.keepAgain.flush();
  }

  async #sendBatch(batch: readonly PlacedLetter[]): Promise<void> {
    const stored = await findStored(
      batch.map(({ letter }) => letter),
      this.#options.findExisting,
    );
    const missing = batch.filter(({ letter }) => !stored.has(toLetterKey(letter)));
    this.#keep(missing.filter(({ isWhole }) => !isWhole).map(({ letter }) => ({ ...letter, reason: `${letter.reason} (${NOT_WHOLE})` })));
    const whole = missing.filter(({ isWhole }) => isWhole);
    const remaining = whole.length === 0 ? new Map<string, StoredDeadLetter>() : await this.send(whole.map(({ letter }) => letter));
    for (const { letter, place } of whole) {
      const left = remaining.get(toLetterKey(letter));
      if (place === 'data stream' && left !== undefined && left.reason !== letter.reason) {
        const record = { id: left.id, timeMs: undefined, raw: left.raw };
        await this.#options.keepAgain.append({ partition: toLetterPartition(left), record, status: left.status, reason: left.reason });
      }
    }
  }

  #keep(letters: Iterable<StoredDeadLetter>): ReadonlyMap<string, StoredDeadLetter> {
    const kept = new Map([...letters].map((letter) => [toLetterKey(letter), letter]));
    for (const [key, letter] of kept) {
      this.#remaining.set(key, letter);
    }
    return kept;
  }
}
