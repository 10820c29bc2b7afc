import type { Turn, Turns } from '../collect/turns.ts';
import { Lease } from './lease.ts';
import { isSame, type MemberOptions, Members } from './members.ts';
import { checkPartitionDocument, PARTITION_KIND, type PartitionDocument, toPartitionDocument, toPartitionId } from './partition-document.ts';
import { putSeen } from './put-seen.ts';
import type { Version, Versioned } from './state-index.ts';

/** How partitions are shared. */
export interface LeaseOptions extends MemberOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told when nothing may be sent any more, since no sign of life could be given; and when that is over. */
  readonly onSilence: (error: unknown) => void;
  readonly onRecovery: () => void;
}

/** Turns over the partitions of an index. */
export interface Leases extends Turns {
  /** Whether this collector may write events: false once its last sign of life is older than two thirds of the lease time. */
  isSure(): boolean;
  close(): Promise<void>;
}

interface View {
  readonly owner?: string | undefined;
  readonly dueMs?: number | undefined;
  /** Not to be tried before. */
  readonly againMs?: number;
}

/** When a holder stops sending, by its own monotonic clock. */
const SURE_FOR = 2 / 3;
const BEATS_PER_LEASE = 6;
/** By when, in parts of the lease time, the last in the order takes what those before it left. */
const LAST_RANK_AFTER = 1 / 2;

/**
 * Shares partitions with the other collectors of an index; resolves when this one has given its first sign of life. Nobody assigns: each takes what is
 * due for one turn, in an order that is another for each partition, so that all get about as many and one that is late is helped out.
 * @throws ElasticsearchError where the index does not answer
 */
export async function openLeases(options: LeaseOptions): Promise<Leases> {
  const leases = new SharedLeases(options);
  await leases.start();
  return leases;
}

class SharedLeases implements Leases {
  readonly restMs: number;
  readonly #options: LeaseOptions;
  readonly #members: Members;
  readonly #held = new Set<Lease>();
  /** The version that this collector left of each partition. */
  readonly #left = new Map<string, Version>();
  readonly #stop = new AbortController();
  #view = new Map<string, View>();
  #renewedAt = Number.NEGATIVE_INFINITY;
  #lapses = 0;
  #writes = 0;
  #silent = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#members = new Members(options);
    this.restMs = options.leaseMs / BEATS_PER_LEASE;
  }

  async start(): Promise<void> {
    await this.#beat(this.#stop.signal);
    this.#beating = this.#goOn();
  }

  isSure(): boolean {
    return this.#options.clock.now() - this.#renewedAt < this.#options.leaseMs * SURE_FOR;
  }

  dueMs(key: string, atMs: number): number {
    if (!this.isSure()) return Number.POSITIVE_INFINITY;
    const { now, leaseMs, shares } = this.#options;
    const { dueMs = 0, againMs = 0 } = this.#view.get(key) ?? {};
    const { rank, of } = this.#members.rankFor(key);
    const holder = this.holderOf(key);
    const silenceLeftMs = holder === undefined ? 0 : this.#members.silenceLeftMs(holder);
    // What a dead holder left is due since its own time: as due now it would come last wherever there is more to do than can be done.
    const freeMs = silenceLeftMs > 0 ? now() + silenceLeftMs : 0;
    const ownMs = shares ? Math.max(atMs, dueMs, 0) + (rank * leaseMs * LAST_RANK_AFTER) / Math.max(1, of - 1) : Math.max(atMs, 0) + rank;
    return Math.max(ownMs, freeMs, againMs);
  }

  holderOf(key: string): string | undefined {
    const owner = this.#view.get(key)?.owner;
    return owner === this.#options.id ? undefined : owner;
  }

  async take(key: string): Promise<Turn | undefined> {
    const { index, now } = this.#options;
    const lapses = this.#lapses;
    const found = await index.get<PartitionDocument>(toPartitionId(key));
    this.#look(key, found?.content);
    const taken = this.isSure() && (await this.#isFree(found?.content)) ? await this.#put(key, found) : undefined;
    if (taken === undefined) {
      this.#view.set(key, { ...this.#view.get(key), againMs: now() + this.restMs });
      return undefined;
    }
    this.#held.add(taken);
    // What was taken before a silence may have been taken over in it.
    if (this.#lapses !== lapses) await taken.confirm();
    return taken;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    await Promise.allSettled([...this.#held].map((lease) => lease.end(this.#options.now())));
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    // Without it, the others wait for the end of the lease time.
    await this.#members.leave().catch(() => {});
  }

  async #isFree(document: PartitionDocument | undefined): Promise<boolean> {
    const { shares, now, id } = this.#options;
    const owner = document?.lease?.owner;
    if (owner === undefined) return !shares || (document?.due_ms ?? 0) <= now();
    return owner === id || (await this.#members.isDead(owner));
  }

  async #put(key: string, found: Versioned<PartitionDocument> | undefined): Promise<Lease | undefined> {
    const { index, id: owner } = this.#options;
    const { checkpoint, due_ms } = found === undefined ? {} : checkPartitionDocument(found.content);
    const nextWrite = (): number => ++this.#writes;
    const kept = { ...(checkpoint && { checkpoint }), ...(due_ms !== undefined && { due_ms }) };
    const document = toPartitionDocument(key, { ...kept, lease: { owner, writes: nextWrite() } });
    const version = await putSeen(index, { id: toPartitionId(key), content: document, seen: found?.version ?? 'new' });
    if (version === undefined) return undefined;
    this.#look(key, document);
    const moved = found === undefined || !isSame(found.version, this.#left.get(key));
    const lease: Lease = new Lease({ index, document, version, moved, owner, nextWrite, onEnd: (left) => this.#leave(key, lease, left) });
    return lease;
  }

  #leave(key: string, lease: Lease, left?: { readonly version: Version; readonly dueMs: number }): void {
    this.#held.delete(lease);
    if (left === undefined) this.#left.delete(key);
    else this.#left.set(key, left.version);
    this.#view.set(key, { dueMs: left?.dueMs });
  }

  #look(key: string, document: PartitionDocument | undefined): void {
    this.#view.set(key, { owner: document?.lease?.owner, dueMs: document?.due_ms });
  }

  async #goOn(): Promise<void> {
    const { clock, onSilence } = this.#options;
    let pauseMs = this.restMs;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(pauseMs, this.#stop.signal).catch(() => {});
      if (this.#stop.signal.aborted) return;
      pauseMs = this.restMs;
      const timeout = AbortSignal.timeout(Math.ceil(this.#options.leaseMs / 3));
      await this.#beat(AbortSignal.any([this.#stop.signal, timeout])).catch((error: unknown) => {
        pauseMs = this.restMs / BEATS_PER_LEASE;
        if (this.#stop.signal.aborted || this.isSure() || this.#silent) return;
        this.#silent = true;
        onSilence(error);
      });
    }
  }

  /** A sign of life, then a look at the others. */
  async #beat(signal: AbortSignal): Promise<void> {
    const { clock, leaseMs, index, onRecovery } = this.#options;
    const startedAt = clock.now();
    await this.#members.beat(signal);
    if (clock.now() - this.#renewedAt >= leaseMs * SURE_FOR) await this.#confirmAll();
    this.#renewedAt = startedAt;
    await this.#members.look(signal);
    const seen = await index.list<PartitionDocument>(PARTITION_KIND, { without: 'checkpoint', stale: true, signal });
    this.#view = new Map(seen.map(({ content: { key, lease, due_ms: dueMs } }) => [key, { ...this.#view.get(key), owner: lease?.owner, dueMs }]));
    if (this.#silent) onRecovery();
    this.#silent = false;
  }

  /** After a silence others may have taken over: what they have is given up before anything is sent again. */
  async #confirmAll(): Promise<void> {
    this.#lapses += 1;
    for (const lease of this.#held) {
      await lease.confirm().catch((error: unknown) => {
        if (!lease.signal.aborted) throw error;
      });
    }
  }
}
