import { renderTable } from '../../src/cli/render-table.ts';
import type { PipelineClock } from './meter.ts';
import type { Spread, Summary } from './summarise.ts';

/** The table of one set of events. */
export function renderReport(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ label, ingestUs, ratio, cpuUs, cpuRatio }) => [
    label,
    render(ingestUs, 1),
    render(ratio, 2),
    render(cpuUs, 1),
    render(cpuRatio, 2),
  ]);
  return renderTable(['pipeline', 'ingest clock, us/event', 'ratio', 'CPU, us/event', 'ratio'], rows);
}

/** What the processors of a pipeline's top level cost, in their order. */
export function renderProcessors(label: string, { count, processors }: PipelineClock): string {
  const rows = processors.map(({ name, millis, count: runs }) => [name, ((millis * 1000) / count).toFixed(2), String(runs)]);
  return `${label}\n${renderTable(['processor', 'us/event', 'runs'], rows)}`;
}

function render(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return '-';
  const { median, low, high } = spread;
  return `${median.toFixed(digits)} [${low.toFixed(digits)} to ${high.toFixed(digits)}]`;
}
