import { describe, expect, it } from 'vitest';
import type { Checkpoint, CheckpointStore } from '../../src/collect/checkpoint.ts';
import { collectOnce } from '../../src/collect/collect.ts';
import { toPartitionKey } from '../../src/collect/partition.ts';
import type { CollectPorts } from '../../src/collect/partition-run.ts';
import { planPartitions } from '../../src/collect/plan-partitions.ts';
import type { Window } from '../../src/collect/ports.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const definition = await readDefinition('.');

interface Run {
  readonly reads: readonly { readonly source: string; readonly window: Window }[];
  readonly gaps: readonly Window[];
  readonly stored: ReadonlyMap<string, Checkpoint>;
}

/** Collects one account whose windows are all empty. */
async function collect(audit_api: string, checkpoints: Readonly<Record<string, Checkpoint>> = {}): Promise<Run> {
  const stream = { stream: 'audit', scopeIds: ['a'], intervalMs: MINUTE, initialIntervalMs: 3 * HOUR, choices: { audit_api } };
  const planned = planPartitions([{ name: 'main', namespace: 'default', streams: [stream] }], definition);
  const partition = { connection: 'main', namespace: 'default', stream: 'audit', scopeId: 'a', intervalMs: 0, initialIntervalMs: 0 };
  const stored = new Map(Object.entries(checkpoints).map(([source, checkpoint]) => [toPartitionKey({ ...partition, source }), checkpoint]));
  const reads: { source: string; window: Window }[] = [];
  const gaps: Window[] = [];
  const store: CheckpointStore = {
    load: async (key) => stored.get(key),
    save: async (key, checkpoint) => void stored.set(key, checkpoint),
    close: async () => {},
  };
  const outcomes = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 };
  const ports: CollectPorts = {
    read: async function* ({ source }, window) {
      reads.push({ source, window });
      yield [];
    },
    openWriter: () => ({ add: async () => {}, settle: async () => outcomes, abandon: async () => {} }),
    readGeneration: async () => undefined,
    findExisting: async () => new Set<string>(),
    writeGap: async ({ window }) => void gaps.push(window),
    store,
    now: () => NOW,
    random: () => 0.5,
    sleep: async () => {},
    report: { window: () => {}, gap: () => {}, again: () => {}, stopped: () => {} },
  };
  await collectOnce(planned, { ports, signal: new AbortController().signal, concurrency: 1 });
  return { reads, gaps, stored };
}

describe('a source that continues another', () => {
  it.each(['v2', 'both'])('begins at the checkpoint of that one, less the overlap, with %s', async (api) => {
    const { reads, stored } = await collect(api, { v1: { until: NOW - 10 * HOUR, remembered: ['x'] } });
    expect(reads.find(({ source }) => source === 'v2')?.window).toEqual({ since: NOW - 10 * HOUR - 5 * MINUTE, before: NOW - MINUTE });
    expect(stored.get('main/default/audit/v2/a')).toEqual({ until: NOW - MINUTE, remembered: [] });
  });

  it('begins at its own where it has one', async () => {
    const { reads } = await collect('v2', { v1: { until: NOW - 10 * HOUR, remembered: [] }, v2: { until: NOW - 2 * HOUR, remembered: [] } });
    expect(reads).toEqual([{ source: 'v2', window: { since: NOW - 2 * HOUR - 5 * MINUTE, before: NOW - MINUTE } }]);
  });

  it('begins with the initial interval where both begin', async () => {
    const { reads } = await collect('both');
    expect(reads.map(({ source, window }) => [source, window.since])).toEqual([
      ['v1', NOW - 3 * HOUR],
      ['v2', NOW - 3 * HOUR],
    ]);
  });

  it('writes a gap for what it does not hold', async () => {
    const until = Date.parse('2026-03-09T00:00:00Z');
    const { gaps, reads } = await collect('v2', { v1: { until, remembered: [] } });
    expect(gaps).toEqual([{ since: until, before: Date.parse('2026-03-10T00:00:00Z') }]);
    expect(reads[0]?.window.since).toBe(Date.parse('2026-03-10T00:00:00Z'));
  });

  it('leaves the checkpoint of the other where it is', async () => {
    const v1 = { until: NOW - 10 * HOUR, remembered: ['x'] };
    expect((await collect('v2', { v1 })).stored.get('main/default/audit/v1/a')).toEqual(v1);
  });
});
