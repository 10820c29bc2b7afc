import { describe, expect, it } from 'vitest';
import { openAbsentWriter } from '../../src/collect/open-absent-writer.ts';
import { createCluster } from './cluster.ts';
import { partition } from './small-world.ts';

const signal = new AbortController().signal;
const toRecords = (...ids: readonly string[]) => ids.map((id) => ({ id, timeMs: 0, raw: Buffer.from('{}') }));

describe('openAbsentWriter', () => {
  it('sends only what no backing index holds, and accounts for the rest', async () => {
    const cluster = createCluster();
    const direct = cluster.openWriter(partition, signal);
    await direct.add(toRecords('a', 'b'));
    await direct.settle();
    cluster.rollover();
    const asked: string[][] = [];
    const openWriter = openAbsentWriter({
      ...cluster,
      findKept: async (_partition, ids) => {
        asked.push([...ids]);
        return new Set(['kept']);
      },
    });
    const writer = openWriter(partition, signal);
    await writer.add(toRecords('a', 'c', 'kept'));
    await writer.add(toRecords('b'));
    await writer.add(toRecords('dead-1', 'drop-1', 'd'));
    expect(await writer.settle()).toEqual({ read: 7, created: 2, duplicate: 2, dead: 2, dropped: 1 });
    expect(cluster.stored()).toEqual(['a', 'b', 'c', 'd']);
    expect(asked).toEqual([
      ['c', 'kept'],
      ['dead-1', 'drop-1', 'd'],
    ]);
  });

  it('passes giving up on', async () => {
    const cluster = createCluster();
    const writer = openAbsentWriter({ ...cluster, findKept: async () => new Set() })(partition, signal);
    await writer.add(toRecords('a'));
    await writer.abandon();
    expect(cluster.stored()).toEqual([]);
  });
});
