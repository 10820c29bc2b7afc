import { decide } from './decide.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { OpenWriter, Partition, Window } from './ports.ts';
import { type Dated, TooManyIds, type VerifiedWindow, type VerifyPorts, verifyWindow } from './verify-window.ts';

/** What verifying a partition takes from the outside world. */
export interface VerifyPartitionPorts extends VerifyPorts {
  /** Opens the writer for what is missing; absent where nothing is to be sent. */
  readonly openWriter?: OpenWriter;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: VerifyReport;
}

/** Told what is found, as it is found. */
export interface VerifyReport {
  /** `missing`: Cloudflare gives it and it is not stored, also not by a refill; `extra`: it is stored and Cloudflare gives it no longer. */
  finding(kind: 'missing' | 'extra', partition: Partition, found: Dated): void;
  /** After an error the same window is tried again. */
  again(partition: Partition, error: unknown, afterMs: number): void;
  /** The window cannot be read. */
  unreadable(partition: Partition, window: Window, reason: string): void;
}

/** The comparison of one window; `given` is the sum of `stored`, `missing`, `dropped` and `dead`. */
export interface VerifiedRow {
  readonly window: Window;
  readonly given: number;
  readonly stored: number;
  readonly missing: number;
  readonly extra: number;
  readonly dropped: number;
  readonly dead: number;
  /** How many of those stored had been missing and were sent now. */
  readonly refilled: number;
}

/** How many ids are held at once, of about 100 bytes each. */
const MAX_IDS = 200_000;
/** How long behind its event Cloudflare may receive a record: a request is logged when it has ended. */
const ARRIVAL_MS = 3_600_000;

/**
 * Compares a bounded partition with Cloudflare, window by window, in the order of time.
 * @returns the windows, without those that could not be read
 * @throws CloudflareError where Cloudflare refuses until somebody acts, and what looking up and writing throw
 */
export async function verifyPartition(planned: PlannedPartition, ports: VerifyPartitionPorts, signal: AbortSignal): Promise<readonly VerifiedRow[]> {
  const verification = new Verification(planned, ports, signal);
  return verification.run();
}

class Verification {
  readonly #planned: PlannedPartition;
  readonly #ports: VerifyPartitionPorts;
  readonly #signal: AbortSignal;
  readonly #byArrival: boolean;
  readonly #rows: VerifiedRow[] = [];
  /** Extra ids by the index of their row. */
  readonly #extra = new Map<number, number>();
  readonly #unclaimed = new Map<string, number>();
  #lengthMs: number;
  #failed = { tries: 0, waits: 0 };

  constructor(planned: PlannedPartition, ports: VerifyPartitionPorts, signal: AbortSignal) {
    this.#planned = planned;
    this.#ports = ports;
    this.#signal = signal;
    this.#byArrival = planned.window.inclusive === 'since' && planned.window.overlapMs === 0;
    this.#lengthMs = planned.window.maxMs;
  }

  async run(): Promise<readonly VerifiedRow[]> {
    const { beginsMs = 0, endsMs = 0 } = this.#planned.window;
    await this.#walk({ since: beginsMs, before: endsMs }, (window) => this.#settle(window));
    await this.#claimBehind(endsMs);
    return this.#rows.map((row, index) => ({ ...row, extra: this.#extra.get(index) ?? 0 }));
  }

  /** Works through a stretch in windows as long as they can be had. */
  async #walk({ since, before }: Window, work: (window: Window) => Promise<void>): Promise<void> {
    for (let at = since; at < before; ) {
      const window = { since: at, before: Math.min(at + this.#lengthMs, before) };
      try {
        await work(window);
        this.#failed = { tries: 0, waits: 0 };
        this.#lengthMs = Math.min(this.#lengthMs * 2, this.#planned.window.maxMs);
        at = window.before;
      } catch (error) {
        at = await this.#recover(error, window);
      }
    }
  }

  async #settle(window: Window): Promise<void> {
    const { report } = this.#ports;
    const { partition } = this.#planned;
    const found = await this.#verify(window);
    const final = found.missing.length > 0 && this.#ports.openWriter !== undefined ? await this.#refill(found, this.#ports.openWriter) : found;
    for (const lost of final.lost) report.unreadable(partition, lost.window, lost.reason);
    for (const missing of final.missing) report.finding('missing', partition, missing);
    const { given, stored, dropped, dead, missing, left } = final;
    this.#rows.push({ window, given, stored, dropped, dead, missing: missing.length, extra: 0, refilled: Math.max(0, found.missing.length - missing.length) });
    for (const [id, timeMs] of left) this.#unclaimed.set(id, timeMs);
    this.#judge(this.#byArrival ? window.before - ARRIVAL_MS : window.before);
  }

  #verify(window: Window): Promise<VerifiedWindow> {
    const { partition, minWindowMs } = this.#planned;
    // The shortest window is compared whatever it holds.
    const maxIds = window.before - window.since > minWindowMs ? MAX_IDS : Number.POSITIVE_INFINITY;
    return verifyWindow({ partition, window, byArrival: this.#byArrival, maxIds, unclaimed: this.#unclaimed }, this.#ports, this.#signal);
  }

  /** Sends what is missing, and compares again. */
  async #refill({ window, missing }: VerifiedWindow, openWriter: OpenWriter): Promise<VerifiedWindow> {
    const { partition } = this.#planned;
    const ids = new Set(missing.map(({ id }) => id));
    const writer = openWriter(partition, this.#signal);
    try {
      // The comparison that follows tells of what is lost.
      for await (const batch of this.#ports.read(partition, window, this.#signal, () => {})) {
        const wanted = batch.filter(({ id }) => ids.delete(id));
        if (wanted.length > 0) await writer.add(wanted);
      }
      await writer.settle();
    } catch (error) {
      // The first error tells what went wrong, not what followed from it.
      await writer.abandon().catch(() => {});
      throw error;
    }
    return this.#verify(window);
  }

  /** Records that Cloudflare received behind the end may belong to events before it. */
  async #claimBehind(end: number): Promise<void> {
    if (!this.#byArrival || this.#unclaimed.size === 0) return this.#judge(end);
    const before = Math.min(end + ARRIVAL_MS, Math.floor((this.#ports.now() - this.#planned.window.lagMs) / 1_000) * 1_000);
    await this.#walk({ since: end, before }, async (window) => {
      for await (const batch of this.#ports.read(this.#planned.partition, window, this.#signal)) for (const { id } of batch) this.#unclaimed.delete(id);
    });
    this.#judge(Math.min(end, before - ARRIVAL_MS));
  }

  /** What lies before that time and was not claimed is extra; the rest may still be given. */
  #judge(before: number): void {
    for (const [id, timeMs] of this.#unclaimed) {
      if (timeMs >= before) continue;
      this.#unclaimed.delete(id);
      this.#ports.report.finding('extra', this.#planned.partition, { id, timeMs });
      const index = this.#rows.findLastIndex(({ window }) => window.since <= timeMs);
      this.#extra.set(index, (this.#extra.get(index) ?? 0) + 1);
    }
  }

  /** Where to go on after an error. */
  async #recover(error: unknown, window: Window): Promise<number> {
    if (error instanceof TooManyIds) return this.#shorten(window);
    const { partition, minWindowMs } = this.#planned;
    const lengthMs = window.before - window.since;
    const decision = decide(error, { ...this.#failed, lengthMs, minMs: minWindowMs, random: this.#ports.random() });
    switch (decision.kind) {
      case 'again':
        this.#failed = { ...this.#failed, [decision.counts]: this.#failed[decision.counts] + 1 };
        this.#ports.report.again(partition, error, decision.afterMs);
        await this.#ports.sleep(decision.afterMs, this.#signal);
        return window.since;
      case 'shorter':
        return this.#shorten(window);
      case 'gap':
        return this.#leave(window, decision.reason);
      case 'jump':
        return this.#leave({ since: window.since, before: Math.min(window.before, window.since + decision.byMs) }, decision.reason);
      default:
        throw error;
    }
  }

  #shorten({ since, before }: Window): number {
    this.#failed = { tries: 0, waits: 0 };
    this.#lengthMs = Math.max(this.#planned.minWindowMs, Math.floor((before - since) / 2_000) * 1_000);
    return since;
  }

  #leave(window: Window, reason: string): number {
    this.#failed = { tries: 0, waits: 0 };
    this.#ports.report.unreadable(this.#planned.partition, window, reason);
    return window.before;
  }
}
