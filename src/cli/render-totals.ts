import type { Totals } from './collect-report.ts';

const columns = ['read', 'created', 'duplicate', 'dead', 'dropped'] as const;

/** A table with a line for each data stream. */
export function renderTotals(totals: Readonly<Record<string, Totals>>): string {
  const rows = Object.entries(totals).map(([stream, counts]) => [stream, ...columns.map((column) => String(counts[column]))]);
  const head = ['stream', ...columns];
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  return [head, ...rows]
    .map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '))
    .join('\n');
}
