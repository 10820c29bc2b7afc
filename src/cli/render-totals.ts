import type { Totals } from './collect-report.ts';
import { renderTable } from './render-table.ts';

const columns = ['read', 'created', 'duplicate', 'dead', 'dropped'] as const;

/** A table with a line for each data stream. */
export function renderTotals(totals: Readonly<Record<string, Totals>>): string {
  const rows = Object.entries(totals).map(([stream, counts]) => [stream, ...columns.map((column) => String(counts[column]))]);
  return renderTable(['stream', ...columns], rows, { ruled: false });
}
