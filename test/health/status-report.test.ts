import { describe, expect, it } from 'vitest';
import type { StateEntry } from '../../src/collect/checkpoint.ts';
import type { PartitionStatus } from '../../src/collect/partition-status.ts';
import { planPartitions } from '../../src/collect/plan-partitions.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { createBelongs } from '../../src/health/belongs-to-settings.ts';
import { toStatusReport } from '../../src/health/status-report.ts';
import { minute, start } from '../collect/small-world.ts';
import { partition } from './small-book.ts';

const hour = 60 * minute;
const totals = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0, gaps: 0 };

function entry(scopeId: string, given: Partial<PartitionStatus> = {}, until?: number): StateEntry {
  const { intervalMs, initialIntervalMs: _, ...place } = partition;
  const lastWindow = { since: start - 10 * minute, before: start - 2 * minute };
  const status: PartitionStatus = {
    partition: { ...place, scopeId },
    intervalMs,
    state: 'caughtUp',
    lastWindow,
    totals,
    instance: 'host-1/42',
    updatedMs: start - 1000,
    ...given,
  };
  return { key: `key/${scopeId}`, status, ...(until === undefined ? {} : { checkpoint: { until, remembered: [] } }) };
}

function report(entries: readonly StateEntry[], given: Partial<Parameters<typeof toStatusReport>[1]> = {}) {
  return toStatusReport(entries, { now: start, maxLagMs: hour, planned: [], belongs: () => true, ...given });
}

describe('toStatusReport', () => {
  it('takes the lag from the checkpoint, else from the last window', () => {
    const lags = report([entry('a'), entry('b', {}, start - minute)]).partitions.map(({ lagMs }) => lagMs);
    expect(lags).toEqual([2 * minute, minute]);
  });

  it.each([
    ['caughtUp', {}, undefined, true],
    ['behind', {}, start - hour, true],
    ['behind', {}, start - hour - 1, false],
    ['waiting', {}, undefined, true],
    ['paused', {}, undefined, false],
    ['failed', {}, undefined, false],
  ] as const)('a partition that is %s with %j, settled up to %s, is healthy: %s', (state, given, until, healthy) => {
    const { healthy: all, partitions } = report([entry('fine'), entry('a', { state, ...given }, until)]);
    expect([all, partitions[1]?.healthy]).toEqual([healthy, healthy]);
  });

  it('shows as stale what nobody refreshes, and knows how old it is', () => {
    const old = entry('a', { updatedMs: start - 11 * minute });
    const quick = entry('b', { updatedMs: start - 4 * minute, intervalMs: 1000 });
    const fine = entry('c', { updatedMs: start - 9 * minute });
    expect(report([old, quick, fine]).partitions.map(({ stale, ageMs }) => [stale, (ageMs ?? 0) / minute])).toEqual([
      [true, 11],
      [true, 4],
      [false, 9],
    ]);
  });

  it('a partition of the settings that nobody knows is not healthy, one that they no longer name is left out', () => {
    const planned = [{ key: 'key/new', place: { ...partition, scopeId: 'new' } }];
    const { healthy, partitions } = report([entry('a'), entry('gone', { state: 'failed' })], { planned, belongs: ({ scopeId }) => scopeId === 'a' });
    expect(healthy).toBe(false);
    expect(partitions.map(({ place, state }) => [place.scopeId, state])).toEqual([
      ['new', 'unknown'],
      ['a', 'caughtUp'],
    ]);
  });

  it('warns of a credential that expires, as it was seen last', () => {
    const day = 24 * hour;
    const before = entry('a', { credentialExpiresMs: start + day, updatedMs: start - hour });
    expect(report([before]).warnings).toEqual([{ connection: 'main', warning: expect.stringContaining('in 1 day') }]);
    expect(report([before, entry('b', { credentialExpiresMs: start + 300 * day })]).warnings).toEqual([]);
  });
});

describe('createBelongs', () => {
  it('knows the partitions that the settings plan, and no others', async () => {
    const definition = await readDefinition('.');
    const streams = [
      { stream: 'audit', scopeIds: ['a'], intervalMs: 1, initialIntervalMs: 2, choices: { audit_api: 'v2' } },
      { stream: 'logpull', scopeIds: [], intervalMs: 1, initialIntervalMs: 2 },
    ];
    const connections = [{ name: 'main', namespace: 'default', streams }];
    const belongs = createBelongs(connections, definition);
    const place = { ...partition, source: 'v2' };
    expect(planPartitions(connections, definition).map((planned) => belongs(planned.partition))).toEqual([true]);
    expect(belongs(place)).toBe(true);
    expect(belongs({ ...place, stream: 'logpull', source: 'received', scopeId: 'any' })).toBe(true);
    for (const given of [{ source: 'v1' }, { scopeId: 'b' }, { namespace: 'x' }, { connection: 'x' }, { stream: 'x' }])
      expect(belongs({ ...place, ...given })).toBe(false);
  });
});
