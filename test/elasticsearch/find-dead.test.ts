import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFindDead } from '../../src/elasticsearch/find-dead.ts';
import { partition } from '../collect/small-world.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-dead-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('finds ids in the file of dead letters and in the failure store, also those that come later', async () => {
  const path = join(folder, 'dead-letters.ndjson');
  const asked: string[][] = [];
  const findDead = createFindDead({
    path,
    findKept: async (_partition, ids) => {
      asked.push([...ids]);
      return new Set(['kept']);
    },
  });
  const append = (id: string, given = {}): Promise<void> =>
    appendFile(path, `${JSON.stringify({ namespace: 'default', stream: 'audit', id, raw: '{}', ...given })}\n`);
  expect(await findDead(partition, ['a', 'kept'])).toEqual(new Set(['kept']));
  await append('a');
  await append('b', { namespace: 'other' });
  await append('c', { stream: 'logpull' });
  expect(await findDead(partition, ['a', 'b', 'c', 'kept'])).toEqual(new Set(['a', 'kept']));
  await append('b');
  expect(await findDead(partition, ['a', 'b'])).toEqual(new Set(['a', 'b']));
  expect(asked).toEqual([
    ['a', 'kept'],
    ['b', 'c', 'kept'],
  ]);
});
