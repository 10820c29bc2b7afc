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

  it('plans nothing for a stream that nobody declares', () => {
    const streams = [{ stream: 'nothing', scopeIds: ['a'], intervalMs: 1, initialIntervalMs: 2 }];
    expect(planPartitions([{ name: 'main', namespace: 'default', streams }], definition)).toEqual([]);
  });
});
