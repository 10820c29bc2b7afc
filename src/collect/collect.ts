import type { CollectPorts } from './partition-run.ts';
import type { PlannedPartition } from './plan-partitions.ts';
import type { Partition } from './ports.ts';
import { Schedule } from './schedule.ts';

export interface CollectOptions {
  readonly ports: CollectPorts;
  readonly signal: AbortSignal;
  /** How many partitions are worked on at once. @default 4 */
  readonly concurrency?: number;
}

/** Plans that change while they are worked on. */
export interface Replanning {
  /** The partitions that are to be collected from now on. */
  readonly plan: (signal: AbortSignal) => Promise<readonly PlannedPartition[]>;
  /** How long to wait before it is asked, in milliseconds. */
  readonly afterMs: () => number;
}

/** How each partition of a single run ended. */
export interface CollectResult {
  readonly caughtUp: readonly Partition[];
  /** Cloudflare refuses them until somebody acts. */
  readonly refused: readonly Partition[];
  readonly failed: readonly Partition[];
  /** Another collector works on them, for longer than this run waited. */
  readonly left: readonly Partition[];
}

/** How long a single run waits for a partition that another collector works on. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Works through every window up to now. A partition that fails ends by itself; one that another collector works on is waited for, and left to it after ten minutes.
 * @throws InterruptedError when the signal fired: windows under way are given up, their checkpoints have not moved
 */
export async function collectOnce(planned: readonly PlannedPartition[], { ports, signal, concurrency = 4 }: CollectOptions): Promise<CollectResult> {
  const result = { caughtUp: [] as Partition[], refused: [] as Partition[], failed: [] as Partition[], left: [] as Partition[] };
  const schedule = new Schedule(planned, {
    ports,
    signal,
    concurrency,
    nextTurn: ({ partition }, step) => {
      if (step.kind === 'more') return ports.now();
      if (step.kind === 'again' || step.kind === 'elsewhere') return step.at;
      result[step.kind === 'stopped' ? (step.why === 'paused' ? 'refused' : 'failed') : step.kind].push(partition);
      return undefined;
    },
    patienceMs: PATIENCE_MS,
  });
  await schedule.work();
  return result;
}

/**
 * Collects until the signal fires: each partition every interval, a stopped one again after a minute, then after twice as long, up to an hour.
 * @throws InterruptedError when the signal fired
 */
export async function collectForever(
  planned: readonly PlannedPartition[],
  { ports, signal: given, concurrency = 4, replanning }: CollectOptions & { readonly replanning?: Replanning },
): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([given, failure.signal]);
  const open = replanning !== undefined;
  const schedule = new Schedule(planned, { ports, signal, concurrency, open, nextTurn: (_planned, step) => (step.kind === 'more' ? ports.now() : step.at) });
  if (open) void replan(schedule, replanning, { ports, signal }).catch((error: unknown) => failure.abort(error));
  await schedule.work();
}

async function replan(schedule: Schedule, { plan, afterMs }: Replanning, { ports, signal }: Pick<CollectOptions, 'ports' | 'signal'>): Promise<void> {
  while (!signal.aborted) {
    await ports.sleep(afterMs(), signal);
    const planned = await plan(signal);
    await schedule.replan(planned, ports.now() + afterMs());
  }
}
