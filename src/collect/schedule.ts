import { isDeepStrictEqual } from 'node:util';
import { IntegrationError, StateError } from '../errors.ts';
import { toPartitionKey } from './partition.ts';
import { type CollectPorts, PartitionRun } from './partition-run.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { Step } from './step.ts';

/** When a partition is due again in epoch milliseconds; undefined where it is done. */
export type NextTurn = (planned: PlannedPartition, step: Step) => number | undefined;

interface ScheduleOptions {
  readonly ports: CollectPorts;
  readonly signal: AbortSignal;
  /** How many partitions are worked on at once. */
  readonly concurrency: number;
  readonly nextTurn: NextTurn;
  /** How long to wait for a partition that another collector works on, or that cannot be taken. @default without end */
  readonly patienceMs?: number;
  /** Whether it goes on where nothing is due any more, since others may be planned. @default false */
  readonly open?: boolean;
}

interface Waiting {
  readonly run: PartitionRun;
  readonly at: number;
  /** When this collector began to wait for its turn. */
  readonly since: number;
}

/** How long the windows under way have to come to an end once the signal fired. */
const GRACE_MS = 9_000;

/** Sleeps are cut, so that a clock that was set is noticed. */
const LONGEST_REST_MS = 60_000;

/** Lets partitions take turns, window by window, until none is due any more: the one that waits longest goes first. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #waiting: Waiting[];
  /** The plan of every partition that is planned or still worked on; undefined where it gets no further turn. */
  readonly #wanted = new Map<string, PlannedPartition | undefined>();
  readonly #resting = new Set<AbortController>();
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;
  #busy = 0;

  constructor(planned: readonly PlannedPartition[], options: ScheduleOptions) {
    this.#options = options;
    this.#waiting = planned.map((partition) => this.#toWaiting(new PartitionRun(partition, options.ports)));
    for (const one of planned) this.#wanted.set(toPartitionKey(one.partition), one);
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
   * From now on these partitions take turns: new ones begin, one that is planned otherwise follows that at once, or after the step under way, and one that is not
   * among them gets no further turn. One whose checkpoint cannot be had for now is reported, and left to the next plan, at `nextMs`.
   * @throws StateError when a checkpoint cannot be used
   */
  async replan(planned: readonly PlannedPartition[], nextMs: number): Promise<void> {
    const plans = new Map(planned.map((one) => [toPartitionKey(one.partition), one]));
    for (const key of this.#wanted.keys()) this.#wanted.set(key, plans.get(key));
    for (const { run, at, since } of this.#waiting.splice(0)) this.#follow(run, at, since);
    for (const [key, one] of plans) if (!this.#wanted.has(key)) await this.#begin(one, nextMs);
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
    this.#wanted.set(run.key, planned);
    this.#waiting.push(this.#toWaiting(run));
  }

  #toWaiting(run: PartitionRun): Waiting {
    return { run, at: Number.NEGATIVE_INFINITY, since: this.#options.ports.now() };
  }

  /** Lets it wait for its next turn as it is planned now. */
  #follow(run: PartitionRun, at: number, since: number): void {
    const planned = this.#wanted.get(run.key);
    if (planned === undefined) {
      this.#wanted.delete(run.key);
      this.#options.ports.report.ended?.(run.planned.partition);
    } else if (isDeepStrictEqual(planned, run.planned)) {
      this.#waiting.push({ run, at, since });
    } else {
      run.replan(planned);
      this.#waiting.push(this.#toWaiting(run));
    }
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
      const due = this.#takeDue();
      if (due === undefined) await this.#rest();
      else await this.#step(due);
    }
  }

  async #step({ run, since }: Waiting): Promise<void> {
    this.#busy += 1;
    const step = await run.step(this.#signal);
    this.#putBack(run, step, step.kind === 'elsewhere' ? since : undefined);
    this.#busy -= 1;
    this.#wake();
  }

  #putBack(run: PartitionRun, step: Step, since?: number): void {
    const at = this.#options.nextTurn(run.planned, step);
    if (at === undefined) this.#wanted.delete(run.key);
    else this.#follow(run, at, since ?? Math.max(at, this.#options.ports.now()));
  }

  #takeDue(): Waiting | undefined {
    const { now } = this.#options.ports;
    this.#giveUpWaiting();
    const [first] = this.#waiting.map((waiting) => ({ waiting, at: this.#dueMs(waiting) })).sort((a, b) => a.at - b.at);
    if (first === undefined || first.at > now()) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(first.waiting), 1);
    return first.waiting;
  }

  #dueMs({ run, at }: Waiting): number {
    return this.#options.ports.store.turns?.dueMs(run.key, at) ?? at;
  }

  /** What others have in their hands is left to them after a while. */
  #giveUpWaiting(): void {
    const { ports, patienceMs } = this.#options;
    const { store, now } = ports;
    if (patienceMs === undefined || store.turns === undefined) return;
    for (const waiting of this.#waiting.filter(({ since }) => now() - since > patienceMs)) {
      if (this.#dueMs(waiting) <= now()) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      const { run } = waiting;
      this.#putBack(run, store.turns.holderOf(run.key) === undefined ? run.stop(toUntakenError(run.key), 'failed') : { kind: 'left', at: now() });
    }
  }

  /** Until the next partition is due, or another worker has put one back. */
  async #rest(): Promise<void> {
    const woken = new AbortController();
    this.#resting.add(woken);
    const { now, store } = this.#options.ports;
    const ms = Math.min(...this.#waiting.map((waiting) => this.#dueMs(waiting) - now()), store.turns?.restMs ?? LONGEST_REST_MS, LONGEST_REST_MS);
    // Being woken rejects the sleep; why it ended is seen at the top of the loop.
    await this.#options.ports.sleep(Math.max(ms, 1), woken.signal).catch(() => {});
    this.#resting.delete(woken);
  }

  #wake(): void {
    for (const woken of this.#resting) woken.abort();
  }
}

function toUntakenError(key: string): StateError {
  return new StateError(`${key} could not be taken, since the state in Elasticsearch did not answer`, {
    hint: 'Look at the health of Elasticsearch, then start again.',
  });
}
