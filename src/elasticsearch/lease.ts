import type { Checkpoint } from '../collect/checkpoint.ts';
import type { Turn } from '../collect/turns.ts';
import { LeaseLostError } from '../errors.ts';
import { type PartitionDocument, toPartitionDocument, toPartitionId } from './partition-document.ts';
import type { StateIndex, Version } from './state-index.ts';

/** How a partition was taken. */
export interface TakenPartition {
  readonly index: StateIndex;
  /** As it was written when it was taken. */
  readonly document: PartitionDocument;
  readonly version: Version;
  readonly moved: boolean;
  readonly owner: string;
  /** A number that this collector never used before. */
  readonly nextWrite: () => number;
  /** Told when the partition is no longer in this collector's hands; with the version that was left where it was given back. */
  readonly onEnd: (left?: { readonly version: Version; readonly dueMs: number }) => void;
}

/** A partition in this collector's hands: every write names the one before, so that after somebody else's write none succeeds. */
export class Lease implements Turn {
  readonly moved: boolean;
  readonly signal: AbortSignal;
  readonly #taken: TakenPartition;
  readonly #first: number;
  readonly #lost = new AbortController();
  #document: PartitionDocument;
  #version: Version;
  /** Writes wait for each other: each names the version of the last. */
  #tail: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(taken: TakenPartition) {
    this.#taken = taken;
    this.#document = taken.document;
    this.#version = taken.version;
    this.#first = taken.document.lease?.writes ?? 0;
    this.moved = taken.moved;
    this.signal = this.#lost.signal;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#document.checkpoint;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    await this.#next(() => {
      // Another collector may have it by now.
      if (this.#ended) throw this.lose();
      return this.#write({ ...this.#document, checkpoint, lease: this.#mark() });
    });
  }

  /**
   * Makes sure that nobody took the partition in the meantime.
   * @throws LeaseLostError where somebody did
   */
  async confirm(): Promise<void> {
    await this.#next(async () => {
      if (!this.#ended) await this.#write({ ...this.#document, lease: this.#mark() });
    });
  }

  async end(dueMs: number): Promise<void> {
    if (this.signal.aborted) return;
    await this.#next(async () => {
      if (this.#ended) return;
      this.#ended = true;
      const { key, checkpoint } = this.#document;
      const dueAt = Number.isFinite(dueMs) ? { due_ms: dueMs } : {};
      await this.#write(toPartitionDocument(key, { ...(checkpoint && { checkpoint }), ...dueAt })).finally(() => this.#taken.onEnd());
      this.#taken.onEnd({ version: this.#version, dueMs });
    });
  }

  /** Nothing more can be written; what is under way for the partition stops. */
  lose(): LeaseLostError {
    const error = new LeaseLostError(`another collector has taken over ${this.#document.key}, since this one gave no sign of life`, {
      hint: 'Nothing is lost: the other one goes on. If it comes often, look for what makes this process or Elasticsearch halt, or set a longer state.lease.',
    });
    this.#lost.abort(error);
    this.#taken.onEnd();
    return error;
  }

  #mark(): NonNullable<PartitionDocument['lease']> {
    return { owner: this.#taken.owner, writes: this.#taken.nextWrite() };
  }

  #next<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#tail.then(() => {
      if (this.signal.aborted) throw this.signal.reason;
      return act();
    });
    this.#tail = done.catch(() => {});
    return done;
  }

  async #write(document: PartitionDocument): Promise<void> {
    const id = toPartitionId(document.key);
    let version = await this.#taken.index.put(id, document, this.#version);
    if (version === undefined) {
      // An own write whose answer got lost is no reason to give up.
      const own = await this.#readOwn(id);
      version = own === undefined ? undefined : await this.#taken.index.put(id, document, own);
    }
    if (version === undefined) throw this.lose();
    this.#version = version;
    this.#document = document;
  }

  async #readOwn(id: string): Promise<Version | undefined> {
    const found = await this.#taken.index.get<PartitionDocument>(id);
    const mark = found?.content.lease;
    return mark?.owner === this.#taken.owner && mark.writes >= this.#first ? found?.version : undefined;
  }
}
