import { describe, expect, it } from 'vitest';
import { createSummary } from '../../src/cli/collect-report.ts';
import { renderTotals } from '../../src/cli/render-totals.ts';
import type { Outcomes, Partition } from '../../src/collect/ports.ts';

const partition: Partition = { connection: 'main', namespace: 'default', stream: 'audit', source: 'v1', scopeId: 'a', intervalMs: 1, initialIntervalMs: 1 };
const window = { since: 0, before: 60_000 };
const outcomes: Outcomes = { read: 7, created: 3, duplicate: 0, dead: 0, dropped: 4, droppedBy: { settings_read: 3, 'ingest pipeline': 1 } };

function open() {
  const lines: { readonly message: string; readonly fields: unknown }[] = [];
  const summary = createSummary({ streams: ['audit', 'logpull'], once: true, log: (_level, message, fields) => void lines.push({ message, fields }) });
  return { lines, summary };
}

describe('the summary of a collection', () => {
  it('names the rules that left records out, and keeps the shape of the totals', () => {
    const { lines, summary } = open();
    summary.report.window(partition, window, outcomes);
    summary.report.window(partition, window, { ...outcomes, droppedBy: { settings_read: 2, zones_read: 2 } });
    expect(lines[0]?.message).toBe(
      'main: audit of a: 7 read, 3 created, 4 dropped (settings_read 3, ingest pipeline 1) (1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z)',
    );
    expect(lines[0]?.fields).toMatchObject({ 'cloudflare.collector': { dropped: 4, dropped_by: { settings_read: 3, 'ingest pipeline': 1 } } });
    expect(summary.totals().audit).toEqual({ read: 14, created: 6, duplicate: 0, dead: 0, dropped: 8 });
    expect(renderTotals(summary).split('\n')).toEqual([
      'stream   read  created  duplicate  dead  dropped',
      'audit      14        6          0     0        8',
      'logpull     0        0          0     0        0',
      '',
      'stream  left out by rule  dropped',
      'audit   settings_read           5',
      'audit   ingest pipeline         1',
      'audit   zones_read              2',
    ]);
  });

  it('has no second table where nothing was left out', () => {
    const { summary } = open();
    summary.report.window(partition, window, { read: 1, created: 1, duplicate: 0, dead: 0, dropped: 0 });
    expect(summary.drops()).toEqual({});
    expect(renderTotals(summary)).not.toContain('\n\n');
  });
});
