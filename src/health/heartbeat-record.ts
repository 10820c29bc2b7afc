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
  const { gaps: _gaps, droppedBy: _droppedBy, ...counts } = sinceBeat;
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

/** How many records each declared rule has left out since the last one: a record for each rule that left any out. */
export function toDropRecords(health: PartitionHealth, origin: RecordOrigin): readonly CollectedRecord[] {
  return Object.entries(health.sinceBeat.droppedBy ?? {}).map(([rule, dropped]) => {
    const message = `${health.partition.stream}: ${rule} left out ${dropped} ${dropped === 1 ? 'event' : 'events'}`;
    return toRecord('drop', health, origin, { rule, counts: { dropped }, message });
  });
}

function sayState({ status: { state } }: PartitionHealth): string {
  return { caughtUp: 'has caught up', behind: 'is catching up', waiting: 'is waiting', paused: 'is paused', failed: 'has failed' }[state];
}

function toTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

interface RecordContent {
  readonly rule?: string;
  readonly [key: string]: unknown;
}

/** The same record has the same id, so a second try stores no second one; two collectors that share a partition each have their own. */
function toRecord(kind: string, { partition, status }: PartitionHealth, { now, version }: RecordOrigin, content: RecordContent): CollectedRecord {
  const { connection, stream, source, scopeId } = partition;
  const time = new Date(now).toISOString();
  const { instance } = status;
  const raw = Buffer.from(JSON.stringify({ kind, time, instance, version, connection, stream, source, scope_id: scopeId, ...content }));
  const id = toDocumentId({
    source: COLLECTOR_STREAM,
    scopeId,
    timeMs: now,
    parts: [kind, connection, stream, source, instance, time, ...(content.rule === undefined ? [] : [content.rule])],
    raw,
  });
  return { id, timeMs: now, raw };
}

/** The partition as the writer of the collector's own data stream takes it. */
export function toCollectorPartition(partition: Partition): Partition {
  return { ...partition, stream: COLLECTOR_STREAM, source: COLLECTOR_STREAM };
}
