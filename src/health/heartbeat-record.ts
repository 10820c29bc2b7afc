import type { CollectedRecord, Partition } from '../collect/ports.ts';
import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import { toDocumentId } from '../pipeline/document-id.ts';
import { toLagMs } from './readiness.ts';
import { toStateName } from './state-name.ts';
import type { PartitionHealth } from './status-book.ts';

/** When and by which program a record of the collector is made. */
export interface RecordOrigin {
  readonly now: number;
  /** Version of this program. */
  readonly version: string;
}

/** A sign of life of one partition: how it is, and what was counted since the last one. */
export function toHeartbeatRecord(health: PartitionHealth, origin: RecordOrigin): CollectedRecord {
  const { partition, status, sinceBeat } = health;
  const { gaps: _, ...counts } = sinceBeat;
  const lagMs = health.untilMs === undefined ? undefined : toLagMs(health, origin.now);
  return toRecord('heartbeat', health, origin, {
    state: toStateName(status.state),
    lag_ms: lagMs,
    last_event: toTime(status.lastEventMs),
    next_try: toTime(status.nextTryMs),
    budget_left: status.budgetLeft,
    counts,
    reason: status.reason,
    message: `${partition.stream} ${sayState(health)}${lagMs === undefined ? ', nothing settled yet' : `, settled up to ${Math.round(lagMs / 1000)} s ago`}`,
  });
}

/** How many records declared rules have left out since the last one; no record where none. */
export function toDropRecords(health: PartitionHealth, origin: RecordOrigin): readonly CollectedRecord[] {
  const { dropped } = health.sinceBeat;
  if (dropped === 0) return [];
  const message = `${health.partition.stream}: declared rules left out ${dropped} ${dropped === 1 ? 'event' : 'events'}`;
  return [toRecord('drop', health, origin, { counts: { dropped }, message })];
}

function sayState({ status: { state } }: PartitionHealth): string {
  return { caughtUp: 'has caught up', behind: 'is catching up', waiting: 'is waiting', paused: 'is paused', failed: 'has failed' }[state];
}

function toTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** The same record has the same id, so a second try stores no second one; two collectors that share a partition each have their own. */
function toRecord(kind: string, { partition, status }: PartitionHealth, { now, version }: RecordOrigin, content: object): CollectedRecord {
  const { connection, stream, source, scopeId } = partition;
  const time = new Date(now).toISOString();
  const { instance } = status;
  const raw = Buffer.from(JSON.stringify({ kind, time, instance, version, connection, stream, source, scope_id: scopeId, ...content }));
  const id = toDocumentId({ source: COLLECTOR_STREAM, scopeId, timeMs: now, parts: [kind, connection, stream, source, instance, time], raw });
  return { id, timeMs: now, raw };
}

/** The partition as the writer of the collector's own data stream takes it. */
export function toCollectorPartition(partition: Partition): Partition {
  return { ...partition, stream: COLLECTOR_STREAM, source: COLLECTOR_STREAM };
}
