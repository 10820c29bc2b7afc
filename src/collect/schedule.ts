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
  readonly #resting = new Set<AbortController>();
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;
  #busy = 0;

  constructor(planned: readonly PlannedPartition[], options: ScheduleOptions) {
    this.#options = options;
    this.#waiting = planned.map((partition) => ({ run: new PartitionRun(partition, options.ports), at: Number.NEGATIVE_INFINITY }));
    this.#signal = AbortSignal.any([options.signal, this.#failure.signal]);
    this.#signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /**
   * Resolves when no partition is due any more.
   * @throws what a step throws: the other workers are stopped first. InterruptedError when the signal fired; what has not ended nine seconds later is left
   */
  async work(): Promise<void> {
    for (const { run } of this.#waiting) await run.open();
    const workers = Array.from({ length: Math.min(this.#options.concurrency, this.#waiting.length) }, () =>
      this.#workOne().catch((error: unknown) => {
        this.#failure.abort(error);
        throw error;
      }),
    );
    await this.#atMostGrace(Promise.allSettled(workers));
    this.#signal.throwIfAborted();
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
    while (this.#waiting.length > 0 || this.#busy > 0) {
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
    if (at !== undefined) this.#waiting.push({ run, at });
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
