import { toStateName } from './state-name.ts';
import type { PartitionHealth } from './status-book.ts';

/** A partition that is too far behind. */
export interface LateReason {
  readonly connection: string;
  readonly namespace: string;
  readonly stream: string;
  readonly source: string;
  readonly scope_id: string;
  readonly state: string;
  readonly lag_seconds: number;
  readonly reason?: string;
}

/** Whether every partition is near enough to now. */
export interface Readiness {
  readonly ready: boolean;
  readonly max_lag_seconds: number;
  /** How many partitions are late. */
  readonly late: number;
  /** The latest of them. */
  readonly reasons: readonly LateReason[];
}

interface ReadinessOptions {
  readonly now: number;
  readonly maxLagMs: number;
}

const MOST_REASONS = 20;

/** Time since everything was settled, in milliseconds; for a partition without a settled window since it is watched. */
export function toLagMs({ untilMs, sinceMs }: Pick<PartitionHealth, 'untilMs' | 'sinceMs'>, now: number): number {
  return Math.max(0, now - (untilMs ?? sinceMs));
}

/** Judges by the lag alone: what is paused or failing becomes late in time, and a short trouble does not matter. */
export function toReadiness(partitions: readonly PartitionHealth[], { now, maxLagMs }: ReadinessOptions): Readiness {
  const late = partitions.filter((health) => toLagMs(health, now) > maxLagMs).sort((a, b) => toLagMs(b, now) - toLagMs(a, now));
  return {
    ready: late.length === 0,
    max_lag_seconds: maxLagMs / 1000,
    late: late.length,
    reasons: late.slice(0, MOST_REASONS).map((health) => toReason(health, now)),
  };
}

function toReason(health: PartitionHealth, now: number): LateReason {
  const { connection, namespace, stream, source, scopeId } = health.partition;
  const { state, reason } = health.status;
  const lag = Math.floor(toLagMs(health, now) / 1000);
  return { connection, namespace, stream, source, scope_id: scopeId, state: toStateName(state), lag_seconds: lag, ...(reason === undefined ? {} : { reason }) };
}
