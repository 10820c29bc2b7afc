import { InterruptedError, StateError } from '../errors.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { collectWindow } from './collect-window.ts';
import { decide } from './decide.ts';
import { toLost } from './move-checkpoint.ts';
import { type NextWindow, nextWindow } from './next-window.ts';
import { toPartitionKey } from './partition.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { FindExisting, OpenWriter, Outcomes, Partition, Read, ReadGeneration, Window, WriteGap } from './ports.ts';

/** The outside world of a collection. */
export interface CollectPorts {
  readonly read: Read;
  readonly openWriter: OpenWriter;
  readonly readGeneration: ReadGeneration;
  readonly findExisting: FindExisting;
  readonly writeGap: WriteGap;
  readonly store: CheckpointStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Resolves after that time; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: Report;
}

/** Told what happens, as it happens. */
export interface Report {
  /** `lastEventMs` is the time of the newest event read, in epoch milliseconds, where any has one. */
  window(partition: Partition, window: Window, outcomes: Outcomes, lastEventMs?: number): void;
  gap(partition: Partition, lost: Window, reason: string): void;
  /** An error after which the same window, or a shorter one, is tried again. */
  again(partition: Partition, error: unknown, afterMs: number): void;
  /** The partition can do nothing until somebody acts, or until its next round. */
  stopped(partition: Partition, error: unknown, kind: 'paused' | 'failed', untilMs: number): void;
  /** The first window begins later than the initial interval asks for, since Cloudflare is known to keep no more: no gap, nothing was promised. */
  shortened?(partition: Partition, sinceMs: number): void;
}

/** Where a partition stands after a step. */
export type Step =
  | { readonly kind: 'more' }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'caughtUp'; readonly at: number }
  | { readonly kind: 'stopped'; readonly why: 'paused' | 'failed'; readonly at: number };

const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 3_600_000;
const NO_LONGER_KEPT = 'Cloudflare no longer keeps this interval';

type Work = Extract<NextWindow, { kind: 'window' | 'gap' }>;

/** One partition on its way: each step works on one window. Its failures stay its own. */
export class PartitionRun {
  readonly planned: PlannedPartition;
  readonly #ports: CollectPorts;
  readonly #key: string;
  #checkpoint: Checkpoint | undefined;
  #openedAt: number | undefined;
  #begun = false;
  #maxMs: number;
  #failed = { tries: 0, waits: 0 };
  #stops = 0;

  constructor(planned: PlannedPartition, ports: CollectPorts) {
    this.planned = planned;
    this.#ports = ports;
    this.#key = toPartitionKey(planned.partition);
    this.#maxMs = planned.window.maxMs;
  }

  /**
   * Loads the checkpoint, or that of the source which this one continues. Partitions are opened before any of them moves, so that one that
   * runs beside the source it continues begins where that one stood before.
   * @throws StateError when the checkpoint cannot be used
   */
  async open(): Promise<void> {
    if (this.#openedAt !== undefined) return;
    const { store } = this.#ports;
    const { continues } = this.planned;
    const own = await store.load(this.#key);
    const other = own === undefined && continues !== undefined ? await store.load(toPartitionKey(continues)) : undefined;
    this.#checkpoint = own ?? (other && { until: other.until, remembered: [] });
    this.#maxMs = this.#checkpoint?.maxWindowMs ?? this.#maxMs;
    this.#openedAt = this.#ports.now();
  }

  /**
   * Settles the next window, or records a gap.
   * @throws InterruptedError when the signal fired, StateError when the checkpoint cannot be used
   */
  async step(signal: AbortSignal): Promise<Step> {
    await this.open();
    const next = this.#next();
    if (next.kind === 'wait') return this.#rest();
    if (next.kind === 'ahead') return this.#stop(toAheadError(next.byMs), 'failed');
    try {
      await (next.kind === 'gap' ? this.#giveUp(next.lost, NO_LONGER_KEPT) : this.#collect(next, signal));
      this.#failed = { tries: 0, waits: 0 };
      this.#stops = 0;
      return next.kind === 'window' && next.newest ? this.#rest() : { kind: 'more' };
    } catch (error) {
      if (error instanceof InterruptedError || signal.aborted) throw error;
      return this.#recover(error, next);
    }
  }

  #next(): NextWindow {
    const { partition, window } = this.planned;
    const now = this.#ports.now();
    const { until, floor } = this.#checkpoint ?? {};
    // A first window that has to be tried again begins where it began.
    const initialIntervalMs = partition.initialIntervalMs + now - (this.#openedAt ?? now);
    const next = nextWindow(window, { now, until, floor, initialIntervalMs, maxMs: this.#maxMs });
    if (until === undefined && next.kind === 'window') this.#reportBeginning(next.settles.since, now - initialIntervalMs);
    return next;
  }

  #reportBeginning(since: number, asked: number): void {
    if (!this.#begun && since > asked) this.#ports.report.shortened?.(this.planned.partition, since);
    this.#begun = true;
  }

  #rest(): Step {
    return { kind: 'caughtUp', at: this.#ports.now() + this.planned.partition.intervalMs };
  }

  async #collect({ settles, read }: Extract<Work, { kind: 'window' }>, signal: AbortSignal): Promise<void> {
    const { partition, window } = this.planned;
    const pieceMs = this.#maxMs < window.maxMs ? this.#maxMs : Number.POSITIVE_INFINITY;
    const task = { partition, settles, read, pieceMs, checkpoint: this.#checkpoint, overlapMs: window.overlapMs };
    const { outcomes, lastEventMs } = await collectWindow(task, { ...this.#ports, save: (checkpoint) => this.#save(checkpoint) }, signal);
    this.#maxMs = Math.min(this.#maxMs * 2, window.maxMs);
    this.#ports.report.window(partition, settles, outcomes, lastEventMs);
  }

  /** The gap is stored before the checkpoint moves over it. */
  async #giveUp(lost: Window, reason: string): Promise<void> {
    await this.#ports.writeGap({ partition: this.planned.partition, window: lost, reason });
    await this.#save(toLost(this.#checkpoint, lost));
    this.#ports.report.gap(this.planned.partition, lost, reason);
  }

  async #recover(error: unknown, next: Work): Promise<Step> {
    const { minWindowMs } = this.planned;
    const tried = next.kind === 'gap' ? next.lost : next.settles;
    // With its overlap a window may be longer than what it settles.
    const lengthMs = next.kind === 'gap' ? 0 : Math.min(this.#maxMs, next.read.before - next.read.since);
    const decision = decide(error, { ...this.#failed, lengthMs, minMs: minWindowMs, random: this.#ports.random() });
    switch (decision.kind) {
      case 'again':
        this.#failed = { ...this.#failed, [decision.counts]: this.#failed[decision.counts] + 1 };
        return this.#again(error, decision.afterMs);
      case 'shorter':
        this.#failed = { tries: 0, waits: 0 };
        this.#maxMs = Math.max(minWindowMs, Math.floor(lengthMs / 2_000) * 1_000);
        return this.#again(error, 0);
      case 'gap':
        return this.#giveUpAfter(tried, decision.reason);
      case 'jump':
        return this.#giveUpAfter({ since: tried.since, before: Math.min(tried.before, tried.since + decision.byMs) }, decision.reason);
      case 'pause':
        return this.#stop(error, 'paused');
      case 'fail':
        return this.#stop(error, 'failed');
    }
  }

  #again(error: unknown, afterMs: number): Step {
    this.#ports.report.again(this.planned.partition, error, afterMs);
    return { kind: 'again', at: this.#ports.now() + afterMs };
  }

  async #giveUpAfter(lost: Window, reason: string): Promise<Step> {
    try {
      await this.#giveUp(lost, reason);
      this.#failed = { tries: 0, waits: 0 };
      return { kind: 'more' };
    } catch (error) {
      return this.#stop(error, 'failed');
    }
  }

  /** What somebody must mend is asked for ever more seldom; what mends itself is tried again with the next poll. */
  #stop(error: unknown, why: 'paused' | 'failed'): Step {
    const mostMs = why === 'paused' ? LAST_PROBE_MS : Math.max(this.planned.partition.intervalMs, FIRST_PROBE_MS);
    const at = this.#ports.now() + Math.min(FIRST_PROBE_MS * 2 ** this.#stops, mostMs);
    this.#failed = { tries: 0, waits: 0 };
    this.#stops += 1;
    this.#ports.report.stopped(this.planned.partition, error, why, at);
    return { kind: 'stopped', why, at };
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    const { maxWindowMs: _, ...kept } = checkpoint;
    const saved = this.#maxMs < this.planned.window.maxMs ? { ...kept, maxWindowMs: this.#maxMs } : kept;
    await this.#ports.store.save(this.#key, saved);
    this.#checkpoint = saved;
  }
}

function toAheadError(byMs: number): StateError {
  return new StateError(`the checkpoint lies ${Math.round(byMs / 60_000)} minutes in the future`, {
    hint: 'Set the clock of this machine right. If it is right now, it was wrong when the checkpoint was saved: remove the checkpoint, and collecting begins anew, with initial_interval.',
  });
}
