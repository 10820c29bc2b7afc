import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openFileStore } from '../../src/collect/file-store.ts';
import { StateError } from '../../src/errors.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'state-')), 'not', 'there', 'yet');
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const open = (clusterId = 'cluster-a', pid = process.pid) => openFileStore({ folder, clusterId, owner: { pid, isRunning } });
const checkpoint = { until: 1_000, remembered: ['a', 'b'], intent: { window: { since: 1_000, before: 2_000 }, generation: '.ds-1' } };

describe('openFileStore', () => {
  it('gives back what was saved, also to a later process', async () => {
    const store = await open();
    expect(await store.load('main/audit')).toBeUndefined();
    await store.save('main/audit', checkpoint);
    await store.save('main/logpull', { until: 5, remembered: [] });
    expect(await store.load('main/audit')).toEqual(checkpoint);
    await store.close();
    const later = await open();
    expect(await later.load('main/audit')).toEqual(checkpoint);
    expect(await later.load('main/logpull')).toEqual({ until: 5, remembered: [] });
    await later.close();
  });

  it('ignores a file that a crash left half-written', async () => {
    const store = await open();
    await store.save('k', checkpoint);
    const [file] = await readdir(join(folder, 'partitions'));
    await writeFile(join(folder, 'partitions', `${file}.new`), '{"until": 99');
    expect(await store.load('k')).toEqual(checkpoint);
    await store.save('k', { ...checkpoint, until: 3 });
    expect((await store.load('k'))?.until).toBe(3);
    await store.close();
  });

  it('refuses the state of another cluster, and lets go of the lock', async () => {
    await (await open('cluster-a')).close();
    await expect(open('cluster-b')).rejects.toThrow(/about the cluster cluster-a, and elasticsearch.url leads to the cluster cluster-b/);
    await (await open('cluster-a')).close();
  });

  it('refuses a newer version', async () => {
    const store = await open();
    await store.save('k', checkpoint);
    const [file = ''] = await readdir(join(folder, 'partitions'));
    const path = join(folder, 'partitions', file);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"version":1', '"version":2'));
    await expect(store.load('k')).rejects.toThrow(/of version 2, and this program knows version 1/);
    await store.close();
  });

  it('names a damaged file', async () => {
    const store = await open();
    await store.save('k', checkpoint);
    const [file = ''] = await readdir(join(folder, 'partitions'));
    await writeFile(join(folder, 'partitions', file), '');
    await expect(store.load('k')).rejects.toThrow(/is damaged/);
    await store.close();
  });

  it('names a file that is no checkpoint', async () => {
    const store = await open();
    await store.save('k', checkpoint);
    const [file = ''] = await readdir(join(folder, 'partitions'));
    await writeFile(join(folder, 'partitions', file), '{"version":1,"key":"k"}');
    await expect(store.load('k')).rejects.toThrow(/is damaged: it is no checkpoint/);
    await store.close();
  });

  it('takes no checkpoint that comes after it was closed: another process may hold the state', async () => {
    const store = await open();
    await store.close();
    await expect(store.save('k', checkpoint)).rejects.toThrow(StateError);
    await (await open()).close();
  });

  it('says what to do where the folder is a file', async () => {
    await writeFile(join(folder, '..', '..', '..', 'taken'), '');
    folder = join(folder, '..', '..', '..', 'taken');
    await expect(open()).rejects.toThrow(/cannot be used \(E/);
  });

  it('saves one checkpoint of two hundred without touching the others', async () => {
    const store = await open();
    for (let index = 0; index < 200; index += 1) await store.save(`k${index}`, checkpoint);
    const files = async () =>
      Promise.all((await readdir(join(folder, 'partitions'))).map(async (file) => [file, (await stat(join(folder, 'partitions', file))).ino] as const));
    const before = new Map(await files());
    await store.save('k7', { ...checkpoint, until: 2 });
    expect((await files()).filter(([file, inode]) => before.get(file) !== inode)).toHaveLength(1);
    await store.close();
  });
});

describe('the lock', () => {
  it('takes over a lock that was being written when the machine went down', async () => {
    await (await open()).close();
    await writeFile(join(folder, 'lock.7'), '');
    await (await open()).close();
  });

  it('keeps a second process off, and is taken over when the first was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
    await once(other.stdout, 'data');
    await open('cluster-a', other.pid);
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateError);
    expect((refused as StateError).message).toContain(`in use by process ${other.pid}`);
    other.kill('SIGKILL');
    await once(other, 'close');
    const store = await open();
    await store.save('k', checkpoint);
    await store.close();
  });

  it('sees through a pid that another process has got since', async () => {
    const store = await open();
    await store.close();
    await writeFile(join(folder, 'lock.7'), JSON.stringify({ pid: process.ppid, started: '1' }));
    await (await open()).close();
  });

  it('is held by one of many that want it at once', async () => {
    await (await open()).close();
    await writeFile(join(folder, 'lock.9'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    const pids = [process.pid, process.ppid];
    const opened = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => open('cluster-a', pids[index % 2])));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
