import type { Checkpoint } from './checkpoint.ts';
import type { CollectedRecord, FindExisting, OpenWriter, Outcomes, Partition, Read, ReadGeneration, Window, Writer } from './ports.ts';

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
  /** The checkpoint as it is stored; undefined before the first window. */
  readonly checkpoint: Checkpoint | undefined;
  /** How far the next window will reach back, in milliseconds. */
  readonly overlapMs: number;
}

export interface CollectedWindow {
  readonly outcomes: Outcomes;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads a window, writes its records and, when every one is settled, saves the checkpoint - also when the window was empty.
 * Before the first record is sent, the intent is saved: a window that was begun in another generation of the write index is looked up first.
 * @throws what reading, writing or saving throws; then no checkpoint has moved
 */
export async function collectWindow(task: WindowTask, ports: WindowPorts, signal: AbortSignal): Promise<CollectedWindow> {
  const collection = new Collection(task, ports);
  const writer = ports.openWriter(task.partition, signal);
  try {
    for await (const batch of ports.read(task.partition, task.read, signal)) await collection.add(batch, writer);
    return await collection.settle(writer);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

class Collection {
  readonly #task: WindowTask;
  readonly #ports: WindowPorts;
  readonly #known: ReadonlySet<string>;
  readonly #remembered = new Set<string>();
  #begun: { readonly lookUp: boolean } | undefined;
  #skipped = 0;

  constructor(task: WindowTask, ports: WindowPorts) {
    this.#task = task;
    this.#ports = ports;
    this.#known = new Set(task.checkpoint?.remembered);
  }

  async add(batch: readonly CollectedRecord[], writer: Writer): Promise<void> {
    for (const record of batch) this.#remember(record);
    const unknown = batch.filter(({ id }) => !this.#known.has(id));
    const missing = unknown.length === 0 ? unknown : await this.#withoutStored(unknown);
    this.#skipped += batch.length - missing.length;
    if (missing.length > 0) await writer.add(missing);
  }

  async settle(writer: Writer): Promise<CollectedWindow> {
    const written = await writer.settle();
    const outcomes = { ...written, read: written.read + this.#skipped, duplicate: written.duplicate + this.#skipped };
    const { created, duplicate, dead, dropped, read } = outcomes;
    if (created + duplicate + dead + dropped !== read) throw new Error(`the outcomes of a window do not add up: ${JSON.stringify(outcomes)}`);
    const checkpoint = { until: this.#task.settles.before, remembered: [...this.#remembered].sort() };
    await this.#ports.save(checkpoint);
    return { outcomes, checkpoint };
  }

  /** The next window reads again what lies in the overlap, and what a source with coarse bounds gave beyond this window. */
  #remember({ id, timeMs }: CollectedRecord): void {
    const { overlapMs, settles } = this.#task;
    if (overlapMs > 0 && (timeMs === undefined || timeMs >= settles.before - overlapMs)) this.#remembered.add(id);
  }

  async #withoutStored(records: readonly CollectedRecord[]): Promise<readonly CollectedRecord[]> {
    this.#begun ??= await this.#begin();
    if (!this.#begun.lookUp) return records;
    const stored = await this.#ports.findExisting(
      this.#task.partition,
      records.map(({ id }) => id),
    );
    return records.filter(({ id }) => !stored.has(id));
  }

  /** Saves the intent; one that is open keeps its generation until its window is settled, however often that fails. */
  async #begin(): Promise<{ readonly lookUp: boolean }> {
    const { partition, settles, checkpoint } = this.#task;
    const generation = await this.#ports.readGeneration(partition);
    const open = checkpoint?.intent;
    const begunIn = open === undefined ? generation : open.generation;
    const intent = { window: settles, ...(begunIn === undefined ? {} : { generation: begunIn }) };
    await this.#ports.save({ until: checkpoint?.until ?? settles.since, remembered: checkpoint?.remembered ?? [], intent });
    return { lookUp: open !== undefined && open.generation !== generation };
  }
}
