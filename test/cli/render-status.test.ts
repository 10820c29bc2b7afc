import { describe, expect, it } from 'vitest';
import { renderStatus, toSpan } from '../../src/cli/render-status.ts';
import { toStatusJson } from '../../src/cli/status-json.ts';
import type { PartitionReport } from '../../src/health/status-report.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minute = 60_000;
const totals = { read: 9, created: 8, duplicate: 0, dead: 1, dropped: 0, gaps: 2 };

function toReport(given: Partial<PartitionReport> = {}, status: Partial<NonNullable<PartitionReport['status']>> = {}): PartitionReport {
  const place = { connection: 'a-connection-with-a-long-name', namespace: 'default', stream: 'logpull', source: 'received', scopeId: 'd4'.repeat(16) };
  const lastWindow = { since: now - 10 * minute, before: now - 5 * minute };
  const base = { partition: place, intervalMs: 5 * minute, totals, instance: 'host-1/42', updatedMs: now - 3000 };
  return {
    place,
    state: 'caughtUp',
    lagMs: 5 * minute,
    late: false,
    ageMs: 3000,
    stale: false,
    healthy: true,
    status: { ...base, state: 'caughtUp', lastWindow, lastEventMs: now - 6 * minute, budgetLeft: 588, ...status },
    ...given,
  };
}

const unknown: PartitionReport = {
  place: { connection: 'main', namespace: 'default', stream: 'audit', source: 'v1', scopeId: 'user' },
  state: 'unknown',
  lagMs: undefined,
  late: false,
  ageMs: undefined,
  stale: false,
  healthy: false,
  status: undefined,
};

describe('renderStatus', () => {
  it('fits into 120 columns, whatever stands in it', () => {
    const many = { ...totals, gaps: 99_999, dead: 12_345_678 };
    const odd = toReport(
      { state: 'paused', lagMs: 400 * 86_400_000, ageMs: 99 * 86_400_000, stale: true, late: true, healthy: false },
      { state: 'paused', totals: many, lastEventMs: now - 400 * 86_400_000, reason: 'word '.repeat(60), hint: 'Do this. '.repeat(30), nextTryMs: now + minute },
    );
    const text = renderStatus(
      { healthy: false, partitions: [toReport(), odd, unknown], warnings: [{ connection: 'main', warning: 'the API token expires' }] },
      now,
    );
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
    expect(text).not.toMatch(/ $/m);
  });

  it('shows a partition that is well in one line', () => {
    const lines = renderStatus({ healthy: true, partitions: [toReport()], warnings: [] }, now).split('\n');
    expect(lines[2]).toMatch(/^a-connectio… +logpull received +d4d4d4d4… +caught up +5m00s +6m00s +11:50-11:55 +2 +1 +588 +3s +#1$/);
    expect(lines.slice(3)).toEqual(['', '#1 is host-1/42, last heard 3s ago, 1 partition']);
  });

  it('says below the table what rules have left out', () => {
    const dropping = toReport({}, { totals: { ...totals, dropped: 5, droppedBy: { settings_read: 4, zones_read: 1 } } });
    const report = { healthy: true, partitions: [dropping, toReport()], warnings: [] };
    const lines = renderStatus(report, now).split('\n');
    const place = `a-connection-with-a-long-name: logpull received of ${'d4'.repeat(16)}`;
    expect(lines.slice(4, 7)).toEqual(['', 'left out by rules:', `  ${place}: settings_read 4, zones_read 1`]);
    const { partitions } = toStatusJson(report, { now, maxLagMs: 0 }) as { readonly partitions: readonly object[] };
    expect(partitions[0]).toMatchObject({ totals: { ...totals, dropped: 5 }, dropped_by: { settings_read: 4, zones_read: 1 } });
    expect(partitions[1]).toHaveProperty('dropped_by', undefined);
    expect(partitions[0]).not.toHaveProperty('totals.droppedBy');
  });

  it('says below the table who needs somebody, why, and what to do', () => {
    const paused = toReport(
      { state: 'paused', healthy: false },
      { state: 'paused', reason: 'Cloudflare answered 403', hint: 'Grant it.', nextTryMs: now + 90_000 },
    );
    const stale = toReport({ stale: true, late: true, lagMs: 3 * 60 * minute, ageMs: 20 * minute, healthy: false });
    const text = renderStatus({ healthy: false, partitions: [paused, stale, unknown], warnings: [{ connection: 'main', warning: 'expires soon' }] }, now);
    expect(text).toContain(`received of ${'d4'.repeat(16)}: paused; next try in 1m30s\n  Cloudflare answered 403\n  Grant it.`);
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /caught up; nothing was heard for 20m00s: is the collector running\?; 3h00m behind, more than health\.max_lag allows/,
    );
    expect(text).toContain('main: audit v1 of user: unknown; no collector has said anything of it yet: start `collect`');
    expect(text).toContain('connection main: expires soon\n  Roll the token');
    expect(text).toMatch(/ stale +3h00m/);
  });
});

it.each([
  [undefined, '-'],
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m00s'],
  [3_599_999, '59m59s'],
  [3_600_000, '1h00m'],
  [86_399_999, '23h59m'],
  [90_000_000, '1d01h'],
  [400 * 86_400_000, '400d'],
])('%s ms are shown as %s', (ms, text) => {
  expect(toSpan(ms)).toBe(text);
});

it('the report for machines has times, states and no empty values', () => {
  const { partitions, ...rest } = JSON.parse(
    JSON.stringify(toStatusJson({ healthy: false, partitions: [toReport(), unknown], warnings: [] }, { now, maxLagMs: 1 })),
  );
  expect(rest).toEqual({ healthy: false, time: '2026-11-21T12:00:00.000Z', max_lag_ms: 1, warnings: [] });
  expect(partitions[0]).toMatchObject({
    stream: 'logpull',
    scope_id: 'd4'.repeat(16),
    state: 'caught_up',
    lag_ms: 300_000,
    last_event: '2026-11-21T11:54:00.000Z',
    last_window: { since: '2026-11-21T11:50:00.000Z', before: '2026-11-21T11:55:00.000Z' },
    totals,
    budget_left: 588,
    instance: 'host-1/42',
    updated: '2026-11-21T11:59:57.000Z',
  });
  expect(partitions[1]).toEqual({
    connection: 'main',
    namespace: 'default',
    stream: 'audit',
    source: 'v1',
    scope_id: 'user',
    state: 'unknown',
    healthy: false,
    late: false,
    stale: false,
  });
});
