import type { CollectedRecord, Partition } from '../../../src/collect/ports.ts';
import { toDeadLetterRecord } from '../../../src/elasticsearch/dead-letter-record.ts';
import { toGapRecord } from '../../../src/elasticsearch/gap-writer.ts';
import { toDropRecords, toHeartbeatRecord } from '../../../src/health/heartbeat-record.ts';
import type { PartitionHealth } from '../../../src/health/status-book.ts';
import { createDice, type Dice } from '../../cloudflare/random.ts';

/** A day in the life of a collector. */
export interface CollectorDay {
  /** Its partitions; the last one is paused at the end. */
  readonly partitions: readonly Partition[];
  readonly now: number;
  /** Version of the program. */
  readonly version: string;
  /** Time between two signs of life. */
  readonly beatMs: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LAG_MS = 300_000;
/** Elasticsearch was away so long before the end; then the collector caught up. */
const OUTAGE = { from: 10 * HOUR, to: 8 * HOUR, caughtUp: 7 * HOUR };
const PAUSED_FOR = 3 * HOUR;
const DENIED = 'Cloudflare answered 403 (10000 Authentication error)';
const REFUSED = 'document_parsing_exception: failed to parse field [@timestamp] of type [date]';
const ORIGIN = 'demo-1';
const DROP_RULES = ['settings_read', 'dns_records_read', 'zones_read'];

/** Signs of life, gaps, drops and dead letters of the last day, in the collector's own forms; the same moment gives the same records. */
export function drawCollectorRecords(day: CollectorDay): readonly CollectedRecord[] {
  return day.partitions.flatMap((partition, index) => {
    const dice = createDice(index + 1);
    const isLast = index === day.partitions.length - 1;
    return [...drawBeats(day, partition, { dice, isLast }), ...drawLosses(day, partition, dice)];
  });
}

function drawBeats(day: CollectorDay, partition: Partition, { dice, isLast }: { readonly dice: Dice; readonly isLast: boolean }): readonly CollectedRecord[] {
  const count = Math.floor(DAY / day.beatMs);
  return Array.from({ length: count }, (_, index) => (count - index) * day.beatMs).flatMap((agoMs) => {
    const health = drawHealth(partition, { dice, agoMs, now: day.now, isPaused: isLast && agoMs < PAUSED_FOR });
    const origin = { now: day.now - agoMs, version: day.version };
    return [toHeartbeatRecord(health, origin), ...toDropRecords(health, origin)];
  });
}

interface Moment {
  readonly dice: Dice;
  readonly agoMs: number;
  readonly now: number;
  readonly isPaused: boolean;
}

type State = 'paused' | 'failed' | 'behind' | 'caughtUp';

function findState({ agoMs, isPaused }: Moment): State {
  if (isPaused) return 'paused';
  if (agoMs >= OUTAGE.from || agoMs < OUTAGE.caughtUp) return 'caughtUp';
  return agoMs >= OUTAGE.to ? 'failed' : 'behind';
}

/** How many records a sign of life tells of at least. */
const LEAST_READ: Readonly<Record<State, number>> = { paused: 0, failed: 0, behind: 900, caughtUp: 300 };

function drawTotals(state: State, dice: Dice): PartitionHealth['sinceBeat'] {
  const least = LEAST_READ[state];
  if (least === 0) return { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0, gaps: 0 };
  const [read, duplicate, dropped] = [least + dice.below(200), dice.below(12), dice.below(9)];
  const dead = dice.chance(0.03) ? 1 + dice.below(3) : 0;
  const droppedBy = dropped === 0 ? {} : { droppedBy: { [dice.pick(DROP_RULES)]: dropped } };
  return { read, created: read - duplicate - dead - dropped, duplicate, dead, dropped, gaps: 0, ...droppedBy };
}

function drawHealth(partition: Partition, moment: Moment): PartitionHealth {
  const { dice, agoMs, now, isPaused } = moment;
  const time = now - agoMs;
  const state = findState(moment);
  const lagMs = LAG_MS + dice.below(60_000) + toDelayMs(agoMs) + (isPaused ? PAUSED_FOR - agoMs : 0);
  const totals = drawTotals(state, dice);
  const reasons: Partial<Record<State, string>> = {
    paused: `reading ${partition.stream} of ${partition.scopeId}: ${DENIED}`,
    failed: 'Elasticsearch did not answer',
  };
  const reason = reasons[state];
  return {
    ...{ key: '', partition, untilMs: time - lagMs, sinceMs: now - DAY, own: true, sinceBeat: totals, sinceSave: totals },
    ...{ windows: 1, retries: 0, errors: {} },
    status: {
      ...{ partition, intervalMs: partition.intervalMs, state, totals, instance: ORIGIN, updatedMs: time },
      ...{ lastEventMs: time - lagMs - dice.below(20_000), budgetLeft: 600 - dice.below(120) },
      ...(reason !== undefined && { reason }),
      ...(isPaused && { nextTryMs: time + HOUR }),
    },
  };
}

/** Grows while Elasticsearch is away, and shrinks when the collector catches up. */
function toDelayMs(agoMs: number): number {
  if (agoMs >= OUTAGE.from || agoMs < OUTAGE.caughtUp) return 0;
  const length = OUTAGE.from - OUTAGE.to;
  return agoMs >= OUTAGE.to ? OUTAGE.from - agoMs : (length * (agoMs - OUTAGE.caughtUp)) / (OUTAGE.to - OUTAGE.caughtUp);
}

/** What could not be had, and what could not be stored. */
function drawLosses({ now, version }: CollectorDay, partition: Partition, dice: Dice): readonly CollectedRecord[] {
  const at = (agoMs: number): number => now - agoMs;
  const gap = (agoMs: number, lengthMs: number, reason: string): CollectedRecord =>
    toGapRecord({ partition, window: { since: at(agoMs) - lengthMs, before: at(agoMs) }, reason }, { now: () => new Date(at(agoMs - LAG_MS)), version });
  const letter = (agoMs: number): CollectedRecord => {
    const { connection, namespace, stream, source, scopeId: scope_id } = partition;
    const what = { connection, namespace, stream, source, scope_id, status: 400, reason: REFUSED };
    return toDeadLetterRecord({ ...what, time: new Date(at(agoMs)).toISOString(), id: dice.hex(34), raw: Buffer.from('{"when":"soon"}') }, version);
  };
  const hours = Array.from({ length: 6 }, () => 1 + dice.below(22));
  return [
    gap(20 * HOUR + dice.below(HOUR), 3 * HOUR, 'older than the retention of 167h'),
    gap(7 * HOUR, 60_000, 'the answer stayed unusable after 5 tries'),
    ...hours.map((hour) => letter(hour * HOUR)),
  ];
}
