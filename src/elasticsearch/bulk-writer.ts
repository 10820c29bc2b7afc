import type { CollectedRecord, OpenWriter, Outcomes, Partition, Writer } from '../collect/ports.ts';
import { InterruptedError } from '../errors.ts';
import type { Clock } from './back-off.ts';
import type { BulkEntry, BulkTarget } from './bulk-request.ts';
import { type BulkSpace, type BulkSpaces, openBulkSpaces } from './bulk-space.ts';
import type { Elasticsearch } from './client.ts';
import type { DeadLetters } from './dead-letters.ts';
import { createDelivery, type DeliveryReport } from './deliver.ts';
import type { Encode, EncodedDocument } from './encode.ts';

/** How records get into Elasticsearch. */
export interface BulkWriterOptions {
  readonly client: Elasticsearch;
  /** Name of the data stream that a partition writes to. */
  readonly dataStreamOf: (partition: Partition) => string;
  /** Made once for each window. */
  readonly encodeOf: (partition: Partition) => Encode;
  readonly pipeline: 'server' | 'edge';
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** Size from which a request is sent. @default 5 MiB */
  readonly maxBytes?: number;
  /** Requests under way at once; with one batch being filled they bound the memory. @default 2 */
  readonly maxInFlight?: number;
  /** How long refusals without any progress are borne, in milliseconds. @default 10 minutes */
  readonly giveUpAfterMs?: number;
  /**
   * Whether a window that may be a second try is looked up in the failure store before it is sent: the first of a partition, and one after a
   * window that was not settled. Without it such a record is sent again, and the failure store takes a second copy. @default true
   */
  readonly looksForKept?: boolean;
}

/** Stands for the rule of what a user's own pipeline dropped: Elasticsearch does not say which it was. No rule has a space in its name. */
const PIPELINE = 'ingest pipeline';

const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const DEFAULT_MAX_IN_FLIGHT = 2;
const DEFAULT_GIVE_UP_MS = 10 * 60 * 1000;

interface WindowOptions {
  readonly partition: Partition;
  readonly signal: AbortSignal;
  /** Some records may have been sent before and lie in the failure store. */
  readonly mayBeKept: boolean;
  readonly spaces: BulkSpaces;
  readonly onSettled: () => void;
}

class BulkWriter implements Writer, DeliveryReport {
  readonly #options: BulkWriterOptions;
  readonly #partition: Partition;
  readonly #spaces: BulkSpaces;
  readonly #onSettled: () => void;
  readonly #encode: Encode;
  readonly #deliver: (entries: readonly BulkEntry[]) => Promise<void>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #counts = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 };
  readonly #droppedBy = new Map<string, number>();
  #batch: BulkEntry[] = [];
  /** Where the batch lies. */
  #space: BulkSpace | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: BulkWriterOptions, { partition, signal, mayBeKept, spaces, onSettled }: WindowOptions) {
    this.#options = options;
    this.#partition = partition;
    this.#spaces = spaces;
    this.#onSettled = onSettled;
    this.#encode = options.encodeOf(partition);
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    const target: BulkTarget = { client: options.client, dataStream: options.dataStreamOf(partition), pipeline: options.pipeline };
    this.#deliver = createDelivery({
      target,
      report: this,
      clock: options.clock,
      signal: this.#signal,
      giveUpAfterMs: options.giveUpAfterMs ?? DEFAULT_GIVE_UP_MS,
      mayBeKept,
    });
  }

  async add(records: readonly CollectedRecord[]): Promise<void> {
    for (const record of records) {
      this.#counts.read += 1;
      const encoded = this.#encode(record);
      if (encoded.kind === 'document') {
        await this.#push(record, encoded);
      } else if (encoded.kind === 'dropped') {
        this.#drop(encoded.rule);
      } else {
        await this.dead(record, 0, encoded.reason);
      }
    }
    this.#throwFailure();
  }

  async settle(): Promise<Outcomes> {
    await this.#send();
    await Promise.all(this.#inFlight);
    this.#throwFailure();
    await this.#options.deadLetters.flush();
    const { read, created, duplicate, dead, dropped } = this.#counts;
    if (created + duplicate + dead + dropped !== read) {
      throw new Error(`bulk accounting is wrong: ${JSON.stringify(this.#counts)}`);
    }
    this.#onSettled();
    return { ...this.#counts, ...(dropped === 0 ? {} : { droppedBy: Object.fromEntries(this.#droppedBy) }) };
  }

  async abandon(): Promise<void> {
    this.#batch = [];
    this.#stop.abort();
    await Promise.all(this.#inFlight);
  }

  count(outcome: 'created' | 'duplicate' | 'dropped'): void {
    if (outcome === 'dropped') this.#drop(PIPELINE);
    else this.#counts[outcome] += 1;
  }

  async dead(record: CollectedRecord, status: number, reason: string): Promise<void> {
    // A letter may be held longer than the space that its record lies in.
    const copy = { ...record, raw: Buffer.from(record.raw) };
    await this.#options.deadLetters.append({ partition: this.#partition, record: copy, status, reason });
    this.#counts.dead += 1;
  }

  #drop(rule: string): void {
    this.#counts.dropped += 1;
    this.#droppedBy.set(rule, (this.#droppedBy.get(rule) ?? 0) + 1);
  }

  async #push(record: CollectedRecord, document: EncodedDocument): Promise<void> {
    let entry = this.#space?.add(record, document);
    if (entry === undefined) {
      await this.#send();
      this.#space = this.#spaces.take(record, document);
      entry = this.#space.add(record, document) as BulkEntry;
    }
    this.#batch.push(entry);
  }

  /** Resolves when the batch is under way, not when it is settled. */
  async #send(): Promise<void> {
    while (this.#inFlight.size >= (this.#options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT)) {
      await Promise.race(this.#inFlight);
    }
    this.#throwFailure();
    const entries = this.#batch;
    const space = this.#space;
    this.#batch = [];
    this.#space = undefined;
    if (space === undefined) {
      return;
    }
    const delivery = this.#deliver(entries)
      // Where it failed, a request may still be on its way: what it sends must not change.
      .then(() => this.#spaces.giveBack(space))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#inFlight.delete(delivery));
    this.#inFlight.add(delivery);
  }

  /** The first failure decides; what else is under way is stopped, since the window will be sent again as a whole. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
    if (this.#signal.aborted) {
      throw new InterruptedError(`writing ${this.#partition.stream}: interrupted`, { hint: 'Run the same command again: it resumes where it stopped.' });
    }
  }
}

/**
 * Opens writers that index with `create` in requests bounded in bytes and in number. `add` waits while Elasticsearch
 * refuses, so reading stops; each record is accounted for by its own item of the answer.
 *
 * A record that was sent in a request whose answer got lost counts as `duplicate` when it turns out to be stored.
 */
export function openBulkWriter(options: BulkWriterOptions): OpenWriter {
  const settled = new Set<string>();
  const { maxBytes = DEFAULT_MAX_BYTES, maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options;
  const spaces = openBulkSpaces({ maxBytes, most: maxInFlight + 1 });
  return (partition, signal) => {
    const { connection, namespace, stream, source, scopeId } = partition;
    const key = JSON.stringify([connection, namespace, stream, source, scopeId]);
    const mayBeKept = (options.looksForKept ?? true) && !settled.delete(key);
    return new BulkWriter(options, { partition, signal, mayBeKept, spaces, onSettled: () => settled.add(key) });
  };
}
