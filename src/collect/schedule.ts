import { IntegrationError } from '../errors.ts';
import { toPartitionKey } from './partition.ts';
import { type CollectPorts, PartitionRun, type Step } from './partition-run.ts';
import type { PlannedPartition } from './plan-partitions.ts';

/** When a partition is due again in epoch milliseconds; undefined where it is done. */
export type NextTurn = (planned: PlannedPartition, step: Step) => number | undefined;

interface ScheduleOptions {
  readonly ports: CollectPorts;
  readonly signal: AbortSignal;
  /** How many partitions are worked on at once. */
  readonly concurrency: number;
  readonly nextTurn: NextTurn;
  /** Whether it goes on where nothing is due any more, since others may be planned. @default false */
  readonly open?: boolean;
}

interface Waiting {
  readonly run: PartitionRun;
  readonly at: number;
}

/** How long the windows under way have to come to an end once the signal fired. */
const GRACE_MS = 9_000;

/** Sleeps are cut, so that a clock that was set is noticed. */
const LONGEST_REST_MS = 60_000;

/** Lets partitions take turns, window by window, until none is due any more: the one that waits longest goes first. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #waiting: Waiting[];
  /** Every partition that is planned or still worked on; false where it gets no further turn. */
  readonly #wanted = new Map<string, boolean>();
  readonly #resting = new Set<AbortController>();
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;
  #busy = 0;

  constructor(planned: readonly PlannedPartition[], options: ScheduleOptions) {
    this.#options = options;
    this.#waiting = planned.map((partition) => ({ run: new PartitionRun(partition, options.ports), at: Number.NEGATIVE_INFINITY }));
    for (const { partition } of planned) this.#wanted.set(toPartitionKey(partition), true);
    this.#signal = AbortSignal.any([options.signal, this.#failure.signal]);
    this.#signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /**
   * Resolves when no partition is due any more.
   * @throws what a step throws: the other workers are stopped first. InterruptedError when the signal fired; what has not ended nine seconds later is left
   */
  async work(): Promise<void> {
    for (const { run } of this.#waiting) await run.open();
    const { concurrency, open } = this.#options;
    const workers = Array.from({ length: open ? concurrency : Math.min(concurrency, this.#waiting.length) }, () =>
      this.#workOne().catch((error: unknown) => {
        this.#failure.abort(error);
        throw error;
      }),
    );
    await this.#atMostGrace(Promise.allSettled(workers));
    this.#signal.throwIfAborted();
  }

  /**
   * From now on these partitions take turns: new ones begin, one that is not among them gets no further turn. One whose checkpoint cannot be had for now is
   * reported, and left to the next plan, at `nextMs`.
   * @throws StateError when a checkpoint cannot be used
   */
  async replan(planned: readonly PlannedPartition[], nextMs: number): Promise<void> {
    const keys = new Set(planned.map(({ partition }) => toPartitionKey(partition)));
    for (const key of this.#wanted.keys()) this.#wanted.set(key, keys.has(key));
    for (const { run } of this.#waiting.filter(({ run }) => !this.#isWanted(run))) this.#forget(run);
    for (const partition of planned.filter((candidate) => !this.#wanted.has(toPartitionKey(candidate.partition)))) await this.#begin(partition, nextMs);
    this.#wake();
  }

  async #begin(planned: PlannedPartition, nextMs: number): Promise<void> {
    const { ports } = this.#options;
    const run = new PartitionRun(planned, ports);
    try {
      await run.open();
    } catch (error) {
      if (!(error instanceof IntegrationError && error.retryable)) throw error;
      return ports.report.stopped(planned.partition, error, 'failed', nextMs);
    }
    this.#wanted.set(toPartitionKey(planned.partition), true);
    this.#waiting.push({ run, at: Number.NEGATIVE_INFINITY });
  }

  #isWanted({ planned }: PartitionRun): boolean {
    return this.#wanted.get(toPartitionKey(planned.partition)) === true;
  }

  #forget(run: PartitionRun): void {
    this.#wanted.delete(toPartitionKey(run.planned.partition));
    const place = this.#waiting.findIndex((waiting) => waiting.run === run);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  async #atMostGrace(ended: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const grace = this.#aborted().then(() => this.#options.ports.sleep(GRACE_MS, done.signal));
    // Rejects when it is no longer needed.
    await Promise.race([ended, grace.catch(() => {})]);
    done.abort();
  }

  #aborted(): Promise<void> {
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async #workOne(): Promise<void> {
    while (this.#options.open || this.#waiting.length > 0 || this.#busy > 0) {
      this.#signal.throwIfAborted();
      const run = this.#takeDue();
      if (run === undefined) await this.#rest();
      else await this.#step(run);
    }
  }

  async #step(run: PartitionRun): Promise<void> {
    this.#busy += 1;
    const step = await run.step(this.#signal);
    const at = this.#options.nextTurn(run.planned, step);
    if (at !== undefined && this.#isWanted(run)) this.#waiting.push({ run, at });
    else this.#forget(run);
    this.#busy -= 1;
    this.#wake();
  }

  #takeDue(): PartitionRun | undefined {
    const [first] = this.#waiting.toSorted((a, b) => a.at - b.at);
    if (first === undefined || first.at > this.#options.ports.now()) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    return first.run;
  }

  /** Until the next partition is due, or another worker has put one back. */
  async #rest(): Promise<void> {
    const woken = new AbortController();
    this.#resting.add(woken);
    const ms = Math.min(...this.#waiting.map(({ at }) => at - this.#options.ports.now()), LONGEST_REST_MS);
    // Being woken rejects the sleep; why it ended is seen at the top of the loop.
    await this.#options.ports.sleep(Math.max(ms, 1), woken.signal).catch(() => {});
    this.#resting.delete(woken);
  }

  #wake(): void {
    for (const woken of this.#resting) woken.abort();
  }
}
