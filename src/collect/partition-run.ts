import { InterruptedError, LeaseLostError } from '../errors.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { collectWindow } from './collect-window.ts';
import { decide } from './decide.ts';
import { toLost } from './move-checkpoint.ts';
import { type NextWindow, nextWindow } from './next-window.ts';
import { toPartitionKey } from './partition.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { FindExisting, OpenWriter, Read, ReadGeneration, Window, WriteGap } from './ports.ts';
import type { Report } from './report.ts';
import type { Step } from './step.ts';
import { toAheadError } from './to-ahead-error.ts';
import type { Turn, Turns } from './turns.ts';
import { toHalf, toLength, toLonger, type WindowLength } from './window-length.ts';

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

const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 3_600_000;
const NO_LONGER_KEPT = 'Cloudflare no longer keeps this interval';

type Work = Extract<NextWindow, { kind: 'window' | 'gap' }>;

/** One partition on its way: each step works on one window. Its failures stay its own. */
export class PartitionRun {
  readonly key: string;
  #planned: PlannedPartition;
  readonly #ports: CollectPorts;
  #turn: Turn | undefined;
  /** What it begins with while it has no checkpoint of its own. */
  #seed: Checkpoint | undefined;
  #checkpoint: Checkpoint | undefined;
  #openedAt: number | undefined;
  #begun = false;
  #length: WindowLength;
  #failed = { tries: 0, waits: 0 };
  #stops = 0;

  constructor(planned: PlannedPartition, ports: CollectPorts) {
    this.#planned = planned;
    this.#ports = ports;
    this.key = toPartitionKey(planned.partition);
    this.#length = toLength(planned.window.maxMs);
  }

  get planned(): PlannedPartition {
    return this.#planned;
  }

  /** Follows another plan from its next step on; not while one is under way. What is settled stays, what failed before does not count. */
  replan(planned: PlannedPartition): void {
    this.#planned = planned;
    this.#failed = { tries: 0, waits: 0 };
    this.#stops = 0;
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
    // What is taken for a turn is loaded then.
    const own = store.turns !== undefined && continues === undefined ? undefined : await store.load(this.key);
    const other = own === undefined && continues !== undefined ? await store.load(toPartitionKey(continues)) : undefined;
    this.#seed = other && { until: other.until, remembered: [] };
    this.#goOnFrom(own);
    this.#openedAt = this.#ports.now();
  }

  /**
   * Settles the next window, or records a gap; where collectors share the partitions, in a turn that is taken before and given back after.
   * @throws InterruptedError when the signal fired, StateError when the checkpoint cannot be used
   */
  step(signal: AbortSignal): Promise<Step> {
    const { turns } = this.#ports.store;
    return turns === undefined ? this.#work(signal) : this.#takeTurn(turns, signal);
  }

  async #takeTurn(turns: Turns, signal: AbortSignal): Promise<Step> {
    await this.open();
    let turn: Turn | undefined;
    try {
      turn = await turns.take(this.key);
    } catch (error) {
      return error instanceof LeaseLostError ? this.#elsewhere() : this.stop(error, 'failed');
    }
    if (turn === undefined) return this.#elsewhere();
    if (turn.moved) this.#goOnFrom(turn.checkpoint);
    this.#turn = turn;
    let at = this.#ports.now();
    try {
      const step = await this.#work(AbortSignal.any([signal, turn.signal]), signal);
      at = step.kind === 'more' ? at : step.at;
      return step;
    } finally {
      this.#turn = undefined;
      // Where it fails, this collector goes on holding the partition until its next turn.
      await turn.end(at).catch(() => {});
    }
  }

  #goOnFrom(checkpoint: Checkpoint | undefined): void {
    this.#checkpoint = checkpoint ?? this.#seed;
    this.#length = toLength(this.#checkpoint?.maxWindowMs ?? this.planned.window.maxMs);
    this.#failed = { tries: 0, waits: 0 };
  }

  #elsewhere(): Step {
    return { kind: 'elsewhere', at: this.#ports.now() };
  }

  /** Whether the partition is in other hands, which makes errors of many kinds. */
  #isLost(error: unknown): boolean {
    const lost = this.#turn?.signal.reason ?? error;
    if (lost instanceof LeaseLostError) this.#ports.report.lost?.(this.planned.partition, lost);
    return lost instanceof LeaseLostError;
  }

  async #work(signal: AbortSignal, stop = signal): Promise<Step> {
    await this.open();
    const next = this.#next();
    if (next.kind === 'wait') return this.#rest();
    if (next.kind === 'ahead') return this.stop(toAheadError(next.byMs), 'failed');
    try {
      await (next.kind === 'gap' ? this.#giveUp(next.lost, NO_LONGER_KEPT) : this.#collect(next, signal));
      this.#failed = { tries: 0, waits: 0 };
      this.#stops = 0;
      return next.kind === 'window' && next.newest ? this.#rest() : { kind: 'more' };
    } catch (error) {
      if (stop.aborted) throw error;
      if (this.#isLost(error)) return this.#elsewhere();
      if (error instanceof InterruptedError) throw error;
      return this.#recover(error, next);
    }
  }

  #next(): NextWindow {
    const { partition, window } = this.planned;
    const now = this.#ports.now();
    const { until, floor } = this.#checkpoint ?? {};
    // A first window that has to be tried again begins where it began.
    const initialIntervalMs = partition.initialIntervalMs + now - (this.#openedAt ?? now);
    const next = nextWindow(window, { now, until, floor, initialIntervalMs, maxMs: this.#length.ms });
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
    const pieceMs = this.#length.ms < window.maxMs ? this.#length.ms : Number.POSITIVE_INFINITY;
    const task = { partition, settles, read, pieceMs, checkpoint: this.#checkpoint, overlapMs: window.overlapMs };
    const { outcomes, lastEventMs } = await collectWindow(task, { ...this.#ports, save: (checkpoint) => this.#save(checkpoint) }, signal);
    this.#length = toLonger(this.#length, window.maxMs, this.#ports.now());
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
    const lengthMs = next.kind === 'gap' ? 0 : Math.min(this.#length.ms, next.read.before - next.read.since);
    const decision = decide(error, { ...this.#failed, lengthMs, minMs: minWindowMs, random: this.#ports.random() });
    switch (decision.kind) {
      case 'again':
        this.#failed = { ...this.#failed, [decision.counts]: this.#failed[decision.counts] + 1 };
        return this.#again(error, decision.afterMs);
      case 'shorter':
        this.#failed = { tries: 0, waits: 0 };
        this.#length = toHalf(lengthMs, minWindowMs, { now: this.#ports.now(), growAfterMs: decision.growAfterMs });
        return this.#again(error, 0);
      case 'gap':
        return this.#giveUpAfter(tried, decision.reason);
      case 'jump':
        return this.#giveUpAfter({ since: tried.since, before: Math.min(tried.before, tried.since + decision.byMs) }, decision.reason);
      case 'pause':
      case 'fail':
        return this.stop(error, decision.kind === 'pause' ? 'paused' : 'failed');
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
      return this.#isLost(error) ? this.#elsewhere() : this.stop(error, 'failed');
    }
  }

  /** What somebody must mend is asked for ever more seldom; what mends itself is tried again with the next poll. */
  stop(error: unknown, why: 'paused' | 'failed'): Step {
    const mostMs = why === 'paused' ? LAST_PROBE_MS : Math.max(this.planned.partition.intervalMs, FIRST_PROBE_MS);
    const at = this.#ports.now() + Math.min(FIRST_PROBE_MS * 2 ** this.#stops, mostMs);
    this.#failed = { tries: 0, waits: 0 };
    this.#stops += 1;
    this.#ports.report.stopped(this.planned.partition, error, why, at);
    return { kind: 'stopped', why, at };
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    const { maxWindowMs: _, ...kept } = checkpoint;
    const saved = this.#length.ms < this.planned.window.maxMs ? { ...kept, maxWindowMs: this.#length.ms } : kept;
    await (this.#turn === undefined ? this.#ports.store.save(this.key, saved) : this.#turn.save(saved));
    this.#checkpoint = saved;
  }
}
