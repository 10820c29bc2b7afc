import type { Partition } from '../collect/ports.ts';
import type { VerifiedRow, VerifyReport } from '../collect/verify-partition.ts';
import type { Dated } from '../collect/verify-window.ts';
import type { TextStream } from './context.ts';
import type { Log } from './log.ts';
import { messageOf } from './message-of.ts';
import { toTime } from './to-time.ts';

const COUNTS = ['given', 'stored', 'missing', 'extra', 'dropped', 'dead', 'refilled'] as const;

/** The sums over all windows. */
export type VerifyTotals = Readonly<Record<(typeof COUNTS)[number] | 'unreadable', number>>;

/** Writes what a verification finds, and adds it up. */
export interface VerifyOutput {
  readonly report: VerifyReport;
  /** Writes the windows of a partition. */
  readonly rows: (partition: Partition, rows: readonly VerifiedRow[]) => void;
  /** Writes the ids that were found, where they are not written yet, and the sums; `refused` is the number of partitions that could not be compared. */
  readonly end: (refused: number) => void;
  readonly totals: () => VerifyTotals;
}

interface OutputOptions {
  readonly stdout: TextStream;
  readonly log: Log;
  /** One line of JSON for each finding and each window, and one for the sums, instead of tables. */
  readonly json: boolean;
}

/** How many ids of a kind a person is shown. */
const SHOWN = 20;

/** Opens the output; nothing is kept but sums and the first ids. */
export function openVerifyOutput({ stdout, log, json }: OutputOptions): VerifyOutput {
  const totals = { given: 0, stored: 0, missing: 0, extra: 0, dropped: 0, dead: 0, refilled: 0, unreadable: 0 };
  const found = { missing: [] as string[], extra: [] as string[] };
  const write = (line: string): void => void stdout.write(`${line}\n`);
  const report: VerifyReport = {
    finding: (kind, partition, { id, timeMs }) => {
      if (json) return write(JSON.stringify({ kind, ...toFields(partition), id, time: toTime(timeMs) }));
      if (found[kind].length < SHOWN) found[kind].push(renderFinding(partition, { id, timeMs }));
    },
    again: (partition, error, afterMs) => log('warn', `${renderPartition(partition)}: ${messageOf(error)}; trying again in ${Math.ceil(afterMs / 1000)} s`),
    unreadable: (partition, { since, before }, reason) => {
      totals.unreadable += 1;
      log('error', `${renderPartition(partition)}: ${toTime(since)} to ${toTime(before)} cannot be read: ${reason}`);
    },
  };
  return {
    report,
    rows: (partition, rows) => {
      for (const row of rows) for (const count of COUNTS) totals[count] += row[count];
      if (json) for (const row of rows) write(renderJson(partition, row));
      else write(`${renderPartition(partition)}\n${renderRows(rows)}`);
    },
    end: (refused) => {
      const complete = refused + totals.missing + totals.unreadable === 0;
      if (json) return write(JSON.stringify({ kind: 'total', complete, ...totals }));
      for (const kind of ['missing', 'extra'] as const) if (totals[kind] > 0) write(renderFound(kind, found[kind], totals[kind]));
    },
    totals: () => totals,
  };
}

function renderJson(partition: Partition, { window, ...counts }: VerifiedRow): string {
  return JSON.stringify({ kind: 'window', ...toFields(partition), since: toTime(window.since), before: toTime(window.before), ...counts });
}

function toFields({ connection, stream, source, scopeId }: Partition): Readonly<Record<string, string>> {
  return { connection, stream, source, scope_id: scopeId };
}

function renderPartition({ connection, stream, source, scopeId }: Partition): string {
  return `${connection}: ${stream} ${source} of ${scopeId}`;
}

/** A line for each window and one for their sums; a column that is nothing but zeros is not needed to read it, so `refilled` is left out then. */
function renderRows(rows: readonly VerifiedRow[]): string {
  const columns = COUNTS.filter((count) => count !== 'refilled' || rows.some(({ refilled }) => refilled > 0));
  const sums = columns.map((count) => String(rows.reduce((sum, row) => sum + row[count], 0)));
  const lines = rows.map((row) => [`${toTime(row.window.since)} to ${toTime(row.window.before)}`, ...columns.map((count) => String(row[count]))]);
  const table = [['window', ...columns], ...lines, ['all', ...sums]];
  const widths = table[0]?.map((_, index) => Math.max(...table.map((line) => line[index]?.length ?? 0))) ?? [];
  return table.map((line) => line.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')).join('\n');
}

function renderFinding({ stream, scopeId }: Partition, { id, timeMs }: Dated): string {
  return `  ${toTime(timeMs)}  ${id}  ${stream} of ${scopeId}`;
}

function renderFound(kind: 'missing' | 'extra', lines: readonly string[], count: number): string {
  const what = kind === 'missing' ? 'given by Cloudflare, not stored' : 'stored, no longer given by Cloudflare';
  const more = count > lines.length ? [`  and ${count - lines.length} more: --json lists all`] : [];
  return [`${count} ${kind} (${what}):`, ...lines, ...more].join('\n');
}
