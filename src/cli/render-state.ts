import type { StateEntry } from '../collect/checkpoint.ts';
import { toTime } from './to-time.ts';

/** The partitions of a state as a table: how far each is settled, what is open, and who works on it. */
export function renderState(entries: readonly StateEntry[]): string {
  if (entries.length === 0) return 'nothing was collected yet';
  const rows = entries.map(({ key, checkpoint, holder }) => [
    key,
    checkpoint === undefined ? '-' : toTime(checkpoint.until),
    checkpoint?.intent === undefined ? '-' : `${toTime(checkpoint.intent.window.since)} to ${toTime(checkpoint.intent.window.before)}`,
    holder ?? '-',
  ]);
  const all = [['partition', 'settled until', 'begun', 'in the hands of'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

/** What a script reads: times as Elasticsearch writes them, and how many ids are remembered instead of the ids. */
export function toStateRows(entries: readonly StateEntry[]): readonly object[] {
  return entries.map(({ key, checkpoint, holder }) => ({
    key,
    ...(checkpoint === undefined ? {} : { until: toTime(checkpoint.until), remembered: checkpoint.remembered.length }),
    ...(checkpoint?.intent === undefined ? {} : { begun: { since: toTime(checkpoint.intent.window.since), before: toTime(checkpoint.intent.window.before) } }),
    ...(holder === undefined ? {} : { holder }),
  }));
}
