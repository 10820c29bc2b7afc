import type { Checkpoint } from './checkpoint.ts';
import { toBegun, toSettled } from './move-checkpoint.ts';
import type { CollectedRecord, FindExisting, OpenWriter, Outcomes, Partition, Read, ReadGeneration, Window, Writer } from './ports.ts';
import { readRemembered } from './remembered.ts';

/** The two sides, as functions. */
export interface WindowPorts {
  readonly read: Read;
  readonly openWriter: OpenWriter;
  readonly readGeneration: ReadGeneration;
  readonly findExisting: FindExisting;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
}

/** One window to collect. */
export interface WindowTask {
  readonly partition: Partition;
  /** What the checkpoint moves over. */
  readonly settles: Window;
  /** What is asked for. */
  readonly read: Window;
  /** Longest stretch to ask for at once, in milliseconds: where windows had to be made shorter, the overlap is read in pieces. */
  readonly pieceMs: number;
  /** The checkpoint as it is stored; undefined before the first window. */
  readonly checkpoint: Checkpoint | undefined;
  /** How far the next window will reach back, in milliseconds. */
  readonly overlapMs: number;
}

export interface CollectedWindow {
  readonly outcomes: Outcomes;
  readonly checkpoint: Checkpoint;
  /** Time of the newest event read, where any has one. */
  readonly lastEventMs: number | undefined;
}

/**
 * Reads a window, writes its records and, when every one is settled, saves the checkpoint - also when the window was empty.
 * Before the first record is sent, the intent is saved. A window that was begun before is looked up first: the write index may have rolled over since, and
 * may do so between any question and the next request.
 * @throws what reading, writing or saving throws; then the checkpoint has not moved, but its intent may be open
 */
export async function collectWindow(task: WindowTask, ports: WindowPorts, signal: AbortSignal): Promise<CollectedWindow> {
  const collection = new Collection(task, ports);
  const writer = ports.openWriter(task.partition, signal);
  try {
    for (const piece of toPieces(task)) {
      for await (const batch of ports.read(task.partition, piece, signal)) await collection.add(batch, writer);
    }
    return await collection.settle(writer);
  } catch (error) {
    // The first error tells what went wrong, not what followed from it.
    await writer.abandon().catch(() => {});
    throw error;
  }
}

function* toPieces({ read, pieceMs }: WindowTask): Generator<Window> {
  for (let since = read.since; since < read.before; since += pieceMs) yield { since, before: Math.min(since + pieceMs, read.before) };
}

class Collection {
  readonly #task: WindowTask;
  readonly #ports: WindowPorts;
  readonly #known: ReadonlyMap<string, number>;
  readonly #remembered: Map<string, number>;
  #checkpoint: Checkpoint | undefined;
  #begun = false;
  #skipped = 0;
  #lastEventMs: number | undefined;

  constructor(task: WindowTask, ports: WindowPorts) {
    this.#task = task;
    this.#ports = ports;
    this.#checkpoint = task.checkpoint;
    this.#known = readRemembered(task.checkpoint?.remembered ?? []);
    // A source need not give everything each time: what it gave before stays known as long as it may give it again.
    this.#remembered = new Map([...this.#known].filter(([, timeMs]) => this.#comesAgain(timeMs)));
  }

  async add(batch: readonly CollectedRecord[], writer: Writer): Promise<void> {
    const unknown = batch.filter((record) => this.#note(record));
    const missing = unknown.length === 0 ? unknown : await this.#withoutStored(unknown);
    this.#skipped += batch.length - missing.length;
    if (missing.length > 0) await writer.add(missing);
  }

  async settle(writer: Writer): Promise<CollectedWindow> {
    const written = await writer.settle();
    const outcomes = { ...written, read: written.read + this.#skipped, duplicate: written.duplicate + this.#skipped };
    const { created, duplicate, dead, dropped, read } = outcomes;
    if (created + duplicate + dead + dropped !== read) throw new Error(`the outcomes of a window do not add up: ${JSON.stringify(outcomes)}`);
    const checkpoint = toSettled(this.#checkpoint, this.#task.settles, this.#remembered);
    await this.#ports.save(checkpoint);
    return { outcomes, checkpoint, lastEventMs: this.#lastEventMs };
  }

  /** True for a record that is not known yet; two pieces may both hold what happened at their boundary. */
  #note({ id, timeMs }: CollectedRecord): boolean {
    const known = this.#known.has(id) || this.#remembered.has(id);
    if (timeMs !== undefined) this.#lastEventMs = Math.max(timeMs, this.#lastEventMs ?? timeMs);
    const atMs = timeMs ?? this.#task.settles.before;
    if (this.#comesAgain(atMs)) this.#remembered.set(id, atMs);
    return !known;
  }

  /** The next window reads again what lies in the overlap, and what a source with coarse bounds gave beyond this window. */
  #comesAgain(timeMs: number): boolean {
    const { overlapMs, settles } = this.#task;
    return overlapMs > 0 && timeMs >= settles.before - overlapMs;
  }

  /** The records that are to be sent: of a window that was begun before, those that no backing index holds. */
  async #withoutStored(records: readonly CollectedRecord[]): Promise<readonly CollectedRecord[]> {
    const { partition, checkpoint } = this.#task;
    if (!this.#begun) await this.#begin();
    if (checkpoint?.intent === undefined) return records;
    const ids = records.map(({ id }) => id);
    const stored = await this.#ports.findExisting(partition, ids);
    return records.filter(({ id }) => !stored.has(id));
  }

  async #begin(): Promise<void> {
    const { partition, settles, checkpoint } = this.#task;
    const generation = checkpoint?.intent === undefined ? await this.#ports.readGeneration(partition) : undefined;
    this.#checkpoint = toBegun(checkpoint, settles, generation);
    await this.#ports.save(this.#checkpoint);
    this.#begun = true;
  }
}
