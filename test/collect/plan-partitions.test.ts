import { describe, expect, it } from 'vitest';
import { type PlannedConnection, planPartitions } from '../../src/collect/plan-partitions.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';

const definition = await readDefinition('.');

function plan(choices?: Readonly<Record<string, string>>): ReturnType<typeof planPartitions> {
  const audit = { stream: 'audit', scopeIds: ['a', 'b'], intervalMs: 1, initialIntervalMs: 2, ...(choices === undefined ? {} : { choices }) };
  const connection: PlannedConnection = { name: 'main', namespace: 'default', streams: [audit] };
  return planPartitions([connection], definition);
}

describe('planPartitions', () => {
  it.each([
    [undefined, ['v1 a', 'v1 b']],
    [{}, ['v1 a', 'v1 b']],
    [{ audit_api: 'v1' }, ['v1 a', 'v1 b']],
    [{ audit_api: 'v2' }, ['v2 a', 'v2 b']],
    [{ audit_api: 'both' }, ['v1 a', 'v1 b', 'v2 a', 'v2 b']],
  ])('reads with %j the sources %j', (choices, expected) => {
    expect(plan(choices).map(({ partition }) => `${partition.source} ${partition.scopeId}`)).toEqual(expected);
  });

  it('says where a source goes on that takes the place of another', () => {
    const [v1, v2] = [plan({ audit_api: 'v1' })[0], plan({ audit_api: 'v2' })[0]];
    expect(v1).not.toHaveProperty('continues');
    expect(v2?.continues).toEqual(v1?.partition);
  });

  it('plans one partition for the user of a connection, without any id', () => {
    const streams = [{ stream: 'user_audit', scopeIds: [], intervalMs: 1, initialIntervalMs: 2 }];
    const planned = planPartitions([{ name: 'main', namespace: 'default', streams }], definition);
    expect(planned.map(({ partition }) => `${partition.source} ${partition.scopeId}`)).toEqual(['v1 user']);
  });

  it.each([
    [undefined, 180],
    [{ retention: '24h' }, 1],
    [{ retention: '30d' }, 30],
    [{ retention: '180d' }, 180],
    [{ retention: '7d' }, 180],
  ])('takes with %j what is older than %d days for no longer kept', (choices, days) => {
    const access = { stream: 'access', scopeIds: ['a'], intervalMs: 1, initialIntervalMs: 2, ...(choices === undefined ? {} : { choices }) };
    const [planned] = planPartitions([{ name: 'main', namespace: 'default', streams: [access] }], definition);
    expect(planned?.window.retentionMs).toBe(days * 86_400_000);
  });

  it('plans nothing for a stream that nobody declares', () => {
    const streams = [{ stream: 'nothing', scopeIds: ['a'], intervalMs: 1, initialIntervalMs: 2 }];
    expect(planPartitions([{ name: 'main', namespace: 'default', streams }], definition)).toEqual([]);
  });
});
