import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFileStore } from '../../src/collect/file-store.ts';
import { StateError } from '../../src/errors.ts';
import { openFileStateReader } from '../../src/health/state-reader.ts';
import { readFiles } from '../e2e/read-files.ts';
import { count, KEY, openBook, partition } from './small-book.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads what a collector that runs has saved, beside its lock, and changes nothing', async () => {
  const store = await openFileStore({ folder, clusterId: 'c', owner: { pid: process.pid, isRunning: () => true } });
  try {
    const { book } = openBook();
    book.report.window(partition, { since: 1, before: 2 }, count({ read: 1, created: 1 }));
    const status = book.get(KEY)?.status;
    if (status !== undefined) await store.saveStatus(KEY, status);
    await store.save(KEY, { until: 2, remembered: ['1 x'] });
    await store.save('another', { until: 3, remembered: [] });
    const before = await readFiles(folder);
    const entries = await openFileStateReader(folder).list();
    expect(entries).toEqual([
      { key: 'another', checkpoint: { until: 3, remembered: [] } },
      { key: KEY, checkpoint: { until: 2, remembered: ['1 x'] }, status },
    ]);
    expect(entries).toEqual(await store.list());
    expect(await readFiles(folder)).toEqual(before);
  } finally {
    await store.close();
  }
});

it('says where there is no state, where it is damaged, and where it is of another version', async () => {
  const list = (path: string) => openFileStateReader(path).list();
  await expect(list(join(folder, 'nothing'))).rejects.toThrow(/nothing does not exist/);
  const file = join(folder, 'partitions', 'x.json');
  for (const [text, message] of [
    ['{', /x\.json is damaged: it is no JSON/],
    ['{"version":99,"key":"x"}', /x\.json is of version 99/],
  ] as const) {
    await writeFile(file, text);
    await expect(list(folder)).rejects.toThrow(message);
    await expect(list(folder)).rejects.toThrow(StateError);
  }
});
