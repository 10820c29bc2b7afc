import type { CollectedRecord, FindExisting, Partition, Read, Window } from './ports.ts';

/** An id and the time of its event in epoch milliseconds. */
export interface Dated {
  readonly id: string;
  readonly timeMs: number;
}

/** The stored ids of a partition whose events lie in a window, over all backing indices, batch by batch; undefined where documents do not tell whose they are. */
export type ListStored = (partition: Partition, window: Window) => AsyncIterable<readonly Dated[]> | undefined;

/** What is compared. */
export interface VerifyPorts {
  readonly read: Read;
  readonly listStored: ListStored;
  readonly findExisting: FindExisting;
  /** Which of these ids are dead-lettered. */
  readonly findDead: FindExisting;
  /** Whether a declared rule leaves the record out. */
  readonly isDropped: (partition: Partition, record: CollectedRecord) => boolean;
}

/** One window to compare. */
export interface VerifyWindowTask {
  readonly partition: Partition;
  readonly window: Window;
  /** Windows are cut by the time at which Cloudflare received a record, which may lie behind the time of the event. */
  readonly byArrival: boolean;
  /** How many ids may be held at once. */
  readonly maxIds: number;
  /** Stored ids of earlier windows that no record was given for yet; what is given for them now is removed. */
  readonly unclaimed: Map<string, number>;
}

/** What Cloudflare gives for a window, and how each record of it ended: the counts add up to `given`. */
export interface VerifiedWindow {
  readonly window: Window;
  readonly given: number;
  readonly stored: number;
  readonly dropped: number;
  readonly dead: number;
  readonly missing: readonly Dated[];
  /** Stretches that cannot be had whole, and why. */
  readonly lost: readonly { readonly window: Window; readonly reason: string }[];
  /** Stored ids of the window that no record was given for. */
  readonly left: ReadonlyMap<string, number>;
}

/** A window holds more ids than are held at once: a shorter one has to be compared. */
export class TooManyIds extends Error {}

/**
 * Reads a window from Cloudflare again and compares it with what is stored. Stored ids are listed first: what is stored by then, Cloudflare knew before.
 * @throws TooManyIds, and what reading throws
 */
export async function verifyWindow(task: VerifyWindowTask, ports: VerifyPorts, signal: AbortSignal): Promise<VerifiedWindow> {
  const comparison = new Comparison(task, ports, await listAll(task, ports));
  const batches = ports.read(task.partition, task.window, signal, (window, reason) => comparison.lose(window, reason));
  for await (const batch of batches) await comparison.add(batch);
  return comparison.end();
}

async function listAll({ partition, window, maxIds }: VerifyWindowTask, { listStored }: VerifyPorts): Promise<Map<string, number>> {
  const left = new Map<string, number>();
  for await (const batch of listStored(partition, window) ?? []) {
    for (const { id, timeMs } of batch) left.set(id, timeMs);
    if (left.size > maxIds) throw new TooManyIds();
  }
  return left;
}

class Comparison {
  readonly #task: VerifyWindowTask;
  readonly #ports: VerifyPorts;
  readonly #left: Map<string, number>;
  readonly #missing: Dated[] = [];
  readonly #lost: { readonly window: Window; readonly reason: string }[] = [];
  readonly #counts = { given: 0, stored: 0, dropped: 0, dead: 0 };

  constructor(task: VerifyWindowTask, ports: VerifyPorts, left: Map<string, number>) {
    this.#task = task;
    this.#ports = ports;
    this.#left = left;
  }

  async add(batch: readonly CollectedRecord[]): Promise<void> {
    const own = batch.filter((record) => this.#isOwn(record));
    this.#counts.given += own.length;
    const unknown = own.filter(({ id }) => !this.#left.delete(id) && !this.#task.unclaimed.delete(id));
    this.#counts.stored += own.length - unknown.length;
    if (unknown.length > 0) await this.#lookUp(unknown);
    if (this.#missing.length > this.#task.maxIds) throw new TooManyIds();
  }

  lose(window: Window, reason: string): void {
    this.#lost.push({ window, reason });
  }

  end(): VerifiedWindow {
    // What was not given there may well exist.
    for (const [id, timeMs] of this.#left) if (this.#lost.some(({ window }) => timeMs >= window.since && timeMs < window.before)) this.#left.delete(id);
    return { window: this.#task.window, ...this.#counts, missing: this.#missing, lost: this.#lost, left: this.#left };
  }

  /** Bounds are inclusive or coarse for some sources: what lies beyond belongs to another window. */
  #isOwn({ timeMs }: CollectedRecord): boolean {
    const { byArrival, window } = this.#task;
    return byArrival || timeMs === undefined || (timeMs >= window.since && timeMs < window.before);
  }

  async #lookUp(records: readonly CollectedRecord[]): Promise<void> {
    const { partition, window } = this.#task;
    const existing = await this.#ports.findExisting(partition, toIds(records));
    const absent = records.filter(({ id }) => !existing.has(id));
    this.#counts.stored += records.length - absent.length;
    const kept = absent.filter((record) => !this.#ports.isDropped(partition, record));
    this.#counts.dropped += absent.length - kept.length;
    const dead = kept.length === 0 ? new Set() : await this.#ports.findDead(partition, toIds(kept));
    const missing = kept.filter(({ id }) => !dead.has(id));
    this.#counts.dead += kept.length - missing.length;
    for (const { id, timeMs } of missing) this.#missing.push({ id, timeMs: timeMs ?? window.since });
  }
}

function toIds(records: readonly CollectedRecord[]): readonly string[] {
  return records.map(({ id }) => id);
}
