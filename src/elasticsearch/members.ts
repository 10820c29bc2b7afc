import { createHash } from 'node:crypto';
import type { Clock } from './back-off.ts';
import type { StateIndex, Version } from './state-index.ts';

/** This collector among the others. */
export interface MemberOptions {
  readonly index: StateIndex;
  /** Names this process and no other, ever. */
  readonly id: string;
  /** How long others wait for a sign of life before they take over. */
  readonly leaseMs: number;
  /** Others leave their share of the partitions to it. */
  readonly shares: boolean;
  readonly clock: Clock;
}

interface MemberDocument {
  readonly kind: typeof KIND;
  readonly key: string;
  readonly lease_ms: number;
  readonly shares: boolean;
  /** Counts the signs of life. */
  readonly beats: number;
}

interface Seen {
  /** Of the last sign of life; undefined where there is none. */
  readonly version: Version | undefined;
  /** When it was seen first, by this collector's own clock. */
  readonly sinceMs: number;
  readonly leaseMs: number;
  readonly shares: boolean;
}

const KIND = 'collector';

/** A holder that could not renew stops sending at two thirds; what it sent last has the time between to arrive. */
const DEAD_AFTER = 4 / 5;

/** After that many lease times without a sign of life, a collector is forgotten. */
const FORGET_AFTER = 10;

/**
 * The collectors that share an index, as one of them sees them. Clocks of machines are never compared: a collector is called dead when this one, by its
 * own monotonic clock, has seen the same sign of life for four fifths of a lease time.
 */
export class Members {
  readonly #options: MemberOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #weights = new Map<string, string>();
  #beats = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Gives a sign of life. */
  async beat(signal: AbortSignal): Promise<void> {
    const { index, id, leaseMs, shares } = this.#options;
    this.#beats += 1;
    await index.overwrite(toId(id), { kind: KIND, key: id, lease_ms: leaseMs, shares, beats: this.#beats } satisfies MemberDocument, signal);
  }

  /** Looks who gave a sign of life. */
  async look(signal: AbortSignal): Promise<void> {
    const { index, id, clock } = this.#options;
    const found = await index.list<MemberDocument>(KIND, { signal });
    const others = found.filter(({ content }) => content.key !== id);
    for (const { content, version } of others) this.#note(content.key, version, content);
    const names = new Set(others.map(({ content }) => content.key));
    for (const [key, { leaseMs, sinceMs }] of this.#seen) {
      if (!names.has(key)) this.#note(key, undefined);
      if (clock.now() - sinceMs <= FORGET_AFTER * leaseMs) continue;
      if (names.has(key)) await index.remove(toId(key));
      else this.#seen.delete(key);
    }
  }

  /** How long until that collector is called dead if it stays silent, in milliseconds; 0 where it is. */
  silenceLeftMs(id: string): number {
    const { sinceMs, leaseMs } = this.#seen.get(id) ?? this.#note(id, undefined);
    return Math.max(0, sinceMs + leaseMs * DEAD_AFTER - this.#options.clock.now());
  }

  /**
   * Whether a collector is dead at this moment: its sign of life is asked for once more. To be called after the partition that it holds was read: what it
   * writes there when it comes back to life is then noticed as a later write.
   */
  async isDead(id: string): Promise<boolean> {
    if (this.silenceLeftMs(id) > 0) return false;
    const found = await this.#options.index.get<MemberDocument>(toId(id));
    this.#note(id, found?.version, found?.content);
    return this.silenceLeftMs(id) === 0;
  }

  /** Which of the living collectors comes in which place for a partition; 0 for the one that should take it. Each comes first for about as many. */
  rankFor(key: string): { readonly rank: number; readonly of: number } {
    const { id } = this.#options;
    const living = [...this.#seen].filter(([other, { shares }]) => shares && this.silenceLeftMs(other) > 0).map(([other]) => other);
    const own = this.#weigh(id, key);
    return { rank: living.filter((other) => this.#weigh(other, key) > own).length, of: living.length + 1 };
  }

  /** Others need not wait for the end of the lease time. */
  async leave(): Promise<void> {
    await this.#options.index.remove(toId(this.#options.id));
  }

  /** Rendezvous hashing: see https://en.wikipedia.org/wiki/Rendezvous_hashing */
  #weigh(id: string, key: string): string {
    const pair = `${id}\n${key}`;
    const weight = this.#weights.get(pair) ?? createHash('sha256').update(pair).digest('hex');
    this.#weights.set(pair, weight);
    return weight;
  }

  #note(id: string, version: Version | undefined, content?: MemberDocument): Seen {
    const known = this.#seen.get(id);
    if (known !== undefined && isSame(known.version, version)) return known;
    const leaseMs = content?.lease_ms ?? known?.leaseMs ?? this.#options.leaseMs;
    const seen = { version, sinceMs: this.#options.clock.now(), leaseMs, shares: content?.shares ?? false };
    this.#seen.set(id, seen);
    return seen;
  }
}

/** Whether two versions are of the same write. */
export function isSame(a: Version | undefined, b: Version | undefined): boolean {
  return a?.seqNo === b?.seqNo && a?.primaryTerm === b?.primaryTerm;
}

function toId(id: string): string {
  return `${KIND}:${id}`;
}
