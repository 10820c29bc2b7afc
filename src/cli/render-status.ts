import { EXPIRY_HINT } from '../health/credential-expiry.ts';
import type { PartitionReport, StatusReport } from '../health/status-report.ts';
import { renderTable } from './render-table.ts';

const WIDTH = 120;
const INDENT = '  ';
const HEAD = ['connection', 'stream', 'scope', 'state', 'lag', 'last event', 'last window', 'gaps', 'dead', 'budget', 'age', 'by'];
const LEFT = [0, 1, 2, 3, 6];

/** A table of at most 120 columns, below it what needs somebody, and which collectors have said this. */
export function renderStatus({ partitions, warnings }: StatusReport, now: number): string {
  const instances = [...new Set(partitions.flatMap(({ status }) => status?.instance ?? []))];
  const rows = partitions.map((partition) => toRow(partition, instances, now));
  return [
    renderTable(HEAD, rows, { left: LEFT }),
    ...partitions.flatMap((partition) => explain(partition, now)),
    ...sayDropped(partitions),
    ...warnings.flatMap(({ connection, warning }) => ['', `connection ${connection}: ${warning}`, ...wrap(EXPIRY_HINT)]),
    ...(instances.length === 0 ? [] : ['']),
    ...instances.map((instance, index) => `#${index + 1} is ${instance}, ${sayLastHeard(partitions, instance)}`),
  ].join('\n');
}

function toRow({ place, state, lagMs, ageMs, stale, status }: PartitionReport, instances: readonly string[], now: number): readonly string[] {
  const { lastEventMs, lastWindow, totals, budgetLeft } = status ?? {};
  return [
    cut(place.connection, 12),
    cut(`${place.stream} ${place.source}`, 16),
    cut(place.scopeId, 9),
    stale ? 'stale' : sayState(state),
    toSpan(lagMs),
    toSpan(lastEventMs === undefined ? undefined : now - lastEventMs),
    lastWindow === undefined ? '-' : `${toClock(lastWindow.since)}-${toClock(lastWindow.before)}`,
    toCount(totals?.gaps),
    toCount(totals?.dead),
    toCount(budgetLeft),
    toSpan(ageMs),
    status === undefined ? '-' : `#${instances.indexOf(status.instance) + 1}`,
  ];
}

/** Why a partition needs somebody, and what to do. */
function explain({ place, state, stale, late, healthy, lagMs, ageMs, status }: PartitionReport, now: number): readonly string[] {
  if (healthy && !stale && status?.reason === undefined) return [];
  const { reason, hint, nextTryMs } = status ?? {};
  const facts = [
    sayState(state),
    ...(stale ? [`nothing was heard for ${toSpan(ageMs)}: is the collector running?`] : []),
    ...(late ? [`${toSpan(lagMs)} behind, more than health.max_lag allows`] : []),
    ...(nextTryMs === undefined ? [] : [nextTryMs <= now ? 'to be tried again now' : `next try in ${toSpan(nextTryMs - now)}`]),
    ...(state === 'unknown' ? ['no collector has said anything of it yet: start `collect`'] : []),
  ];
  const title = `${place.connection}: ${place.stream} ${place.source} of ${place.scopeId}`;
  return ['', ...wrap(`${title}: ${facts.join('; ')}`, ''), ...(reason === undefined ? [] : wrap(reason)), ...(hint === undefined ? [] : wrap(hint))];
}

/** What declared rules have left out since the first window of each partition. */
function sayDropped(partitions: readonly PartitionReport[]): readonly string[] {
  const lines = partitions.flatMap(({ place, status }) => {
    const counts = Object.entries(status?.totals.droppedBy ?? {}).map(([rule, count]) => `${rule} ${count}`);
    return counts.length === 0 ? [] : wrap(`${place.connection}: ${place.stream} ${place.source} of ${place.scopeId}: ${counts.join(', ')}`);
  });
  return lines.length === 0 ? [] : ['', 'left out by rules:', ...lines];
}

function sayState(state: PartitionReport['state']): string {
  return state === 'caughtUp' ? 'caught up' : state;
}

function sayLastHeard(partitions: readonly PartitionReport[], instance: string): string {
  const own = partitions.filter(({ status }) => status?.instance === instance);
  const youngest = Math.min(...own.map(({ ageMs }) => ageMs ?? Number.POSITIVE_INFINITY));
  return `last heard ${toSpan(youngest)} ago, ${own.length} ${own.length === 1 ? 'partition' : 'partitions'}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function toCount(count: number | undefined): string {
  if (count === undefined) return '-';
  if (count < 100_000) return String(count);
  return count < 10_000_000 ? `${Math.floor(count / 1e3)}k` : `${Math.floor(count / 1e6)}M`;
}

/** The two greatest units of a stretch of time at most, e.g. `1h05m`. */
export function toSpan(ms: number | undefined): string {
  if (ms === undefined) return '-';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m${toTwo(seconds % 60)}s`;
  if (days === 0) return `${hours}h${toTwo(minutes % 60)}m`;
  return days < 100 ? `${days}d${toTwo(hours % 24)}h` : `${days}d`;
}

function toTwo(number: number): string {
  return String(number).padStart(2, '0');
}

function toClock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** Lines of at most 120 columns; a word that is longer has one of its own. */
function wrap(text: string, indent = INDENT): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === '' ? `${indent}${word}` : `${line} ${word}`;
    if (longer.length > WIDTH && line !== '') {
      lines.push(line);
      line = `${INDENT}${word}`;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
