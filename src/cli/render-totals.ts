import type { CollectSummary } from './collect-report.ts';
import { renderTable } from './render-table.ts';

const columns = ['read', 'created', 'duplicate', 'dead', 'dropped'] as const;

/** A table with a line for each data stream; below it, where declared rules left records out, one with a line for each rule. */
export function renderTotals({ totals, drops }: Pick<CollectSummary, 'totals' | 'drops'>): string {
  const rows = Object.entries(totals()).map(([stream, counts]) => [stream, ...columns.map((column) => String(counts[column]))]);
  const table = renderTable(['stream', ...columns], rows, { ruled: false });
  const dropped = Object.entries(drops()).flatMap(([stream, counts]) => Object.entries(counts).map(([rule, count]) => [stream, rule, String(count)]));
  return dropped.length === 0 ? table : `${table}\n\n${renderTable(['stream', 'left out by rule', 'dropped'], dropped, { left: [0, 1], ruled: false })}`;
}
