import { InterruptedError } from '../errors.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { collectWindow } from './collect-window.ts';
import { decide } from './decide.ts';
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
  window(partition: Partition, window: Window, outcomes: Outcomes): void;
  gap(partition: Partition, lost: Window, reason: string): void;
  /** An error after which the same window, or a shorter one, is tried again. */
  again(partition: Partition, error: unknown, afterMs: number): void;
  /** The partition can do nothing until somebody acts, or until its next round. */
  stopped(partition: Partition, error: unknown, kind: 'paused' | 'failed', untilMs: number): void;
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

/** One partition on its way: each step works on one window. Its failures stay its own. */
export class PartitionRun {
  readonly planned: PlannedPartition;
  readonly #ports: CollectPorts;
  readonly #key: string;
  #checkpoint: Checkpoint | undefined;
  #openedAt: number | undefined;
  #maxMs: number;
  #tries = 0;
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
    try {
      await (next.kind === 'gap' ? this.#giveUp(next.lost, NO_LONGER_KEPT) : this.#collect(next, signal));
      this.#tries = 0;
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
    // A first window that has to be tried again begins where it began.
    const initialIntervalMs = partition.initialIntervalMs + now - (this.#openedAt ?? now);
    return nextWindow(window, { now, until: this.#checkpoint?.until, initialIntervalMs, maxMs: this.#maxMs });
  }

  #rest(): Step {
    return { kind: 'caughtUp', at: this.#ports.now() + this.planned.partition.intervalMs };
  }

  async #collect({ settles, read }: Extract<NextWindow, { kind: 'window' }>, signal: AbortSignal): Promise<void> {
    const { partition, window } = this.planned;
    const task = { partition, settles, read, checkpoint: this.#checkpoint, overlapMs: window.overlapMs };
    const { outcomes } = await collectWindow(task, { ...this.#ports, save: (checkpoint) => this.#save(checkpoint) }, signal);
    this.#maxMs = Math.min(this.#maxMs * 2, window.maxMs);
    this.#ports.report.window(partition, settles, outcomes);
  }

  /** The gap is stored before the checkpoint moves over it. */
  async #giveUp(lost: Window, reason: string): Promise<void> {
    await this.#ports.writeGap({ partition: this.planned.partition, window: lost, reason });
    await this.#save({ until: lost.before, remembered: [] });
    this.#ports.report.gap(this.planned.partition, lost, reason);
  }

  async #recover(error: unknown, next: Extract<NextWindow, { kind: 'window' | 'gap' }>): Promise<Step> {
    const { partition, minWindowMs } = this.planned;
    const lost = next.kind === 'gap' ? next.lost : next.settles;
    const lengthMs = lost.before - lost.since;
    const decision = decide(error, { tries: this.#tries, lengthMs, minMs: minWindowMs, random: this.#ports.random() });
    if (decision.kind === 'again' || decision.kind === 'shorter') {
      const afterMs = decision.kind === 'again' ? decision.afterMs : 0;
      this.#tries = decision.kind === 'again' ? this.#tries + 1 : 0;
      if (decision.kind === 'shorter') this.#maxMs = Math.max(minWindowMs, Math.floor(lengthMs / 2_000) * 1_000);
      this.#ports.report.again(partition, error, afterMs);
      return { kind: 'again', at: this.#ports.now() + afterMs };
    }
    this.#tries = 0;
    if (decision.kind === 'gap') return this.#giveUpAfter(lost, decision.reason);
    return this.#stop(error, decision.kind === 'pause' ? 'paused' : 'failed');
  }

  async #giveUpAfter(lost: Window, reason: string): Promise<Step> {
    try {
      await this.#giveUp(lost, reason);
      return { kind: 'more' };
    } catch (error) {
      return this.#stop(error, 'failed');
    }
  }

  #stop(error: unknown, why: 'paused' | 'failed'): Step {
    const pauseMs = Math.min(FIRST_PROBE_MS * 2 ** this.#stops, LAST_PROBE_MS);
    this.#stops += 1;
    const at = this.#ports.now() + pauseMs;
    this.#ports.report.stopped(this.planned.partition, error, why, at);
    return { kind: 'stopped', why, at };
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    await this.#ports.store.save(this.#key, checkpoint);
    this.#checkpoint = checkpoint;
  }
}
