import { toStateName } from '../health/state-name.ts';
import type { PartitionReport, StatusReport } from '../health/status-report.ts';

/** The report for machines: times in RFC 3339, stretches in milliseconds; what is not known is left out. */
export function toStatusJson(report: StatusReport, { now, maxLagMs }: { readonly now: number; readonly maxLagMs: number }): object {
  return {
    healthy: report.healthy,
    time: new Date(now).toISOString(),
    max_lag_ms: maxLagMs,
    warnings: report.warnings,
    partitions: report.partitions.map(toPartition),
  };
}

function toPartition({ place, state, lagMs, late, ageMs, stale, healthy, status }: PartitionReport): object {
  const { connection, namespace, stream, source, scopeId } = place;
  const { lastWindow, lastEventMs, nextTryMs, updatedMs, credentialExpiresMs, reason, hint, budgetLeft, instance } = status ?? {};
  const { droppedBy, ...totals } = status?.totals ?? {};
  return {
    connection,
    namespace,
    stream,
    source,
    scope_id: scopeId,
    state: toStateName(state),
    healthy,
    late,
    stale,
    lag_ms: lagMs,
    age_ms: ageMs,
    last_event: toTime(lastEventMs),
    last_window: lastWindow && { since: toTime(lastWindow.since), before: toTime(lastWindow.before) },
    reason,
    hint,
    next_try: toTime(nextTryMs),
    totals: status && totals,
    dropped_by: droppedBy,
    budget_left: budgetLeft,
    credential_expires: toTime(credentialExpiresMs),
    instance,
    updated: toTime(updatedMs),
  };
}

function toTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
