import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../errors.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { type LockOwner, takeStateLock } from './state-lock.ts';

interface FileStoreOptions {
  /** Need not exist. */
  readonly folder: string;
  /** Id of the Elasticsearch cluster that the checkpoints are about. */
  readonly clusterId: string;
  readonly owner: LockOwner;
}

const VERSION = 1;

interface StateFile {
  readonly version: number;
  readonly cluster_id: string;
}

interface CheckpointFile extends Checkpoint {
  readonly version: number;
  readonly key: string;
}

/**
 * Checkpoints as files: one for each partition, so that saving one costs the same however many there are. For one process on one machine.
 * @throws StateError when another process uses the folder, or its checkpoints are about another cluster or of a newer version
 */
export async function openFileStore({ folder, clusterId, owner }: FileStoreOptions): Promise<CheckpointStore> {
  const partitions = join(folder, 'partitions');
  await mkdir(partitions, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new StateError(`the state folder ${folder} cannot be made (${error.code})`, { hint: 'Set state.path to a folder that this user may write.' });
  });
  const lock = await takeStateLock(folder, owner);
  try {
    await checkStateFile(join(folder, 'state.json'), { folder, clusterId });
  } catch (error) {
    await lock.release();
    throw error;
  }
  const fileOf = (key: string): string => join(partitions, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  return {
    load: (key) => loadCheckpoint(fileOf(key)),
    save: (key, checkpoint) => writeWhole(partitions, fileOf(key), { version: VERSION, key, ...checkpoint } satisfies CheckpointFile),
    close: () => lock.release(),
  };
}

async function checkStateFile(file: string, { folder, clusterId }: Pick<FileStoreOptions, 'folder' | 'clusterId'>): Promise<void> {
  const stored = await readJson<StateFile>(file);
  if (stored === undefined) return writeWhole(folder, file, { version: VERSION, cluster_id: clusterId } satisfies StateFile);
  checkVersion(stored.version, file);
  if (stored.cluster_id !== clusterId) {
    throw new StateError(`the state in ${folder} is about the cluster ${stored.cluster_id}, and elasticsearch.url leads to the cluster ${clusterId}`, {
      hint: 'Correct elasticsearch.url, or set state.path to another folder: then collecting begins anew, with initial_interval.',
    });
  }
}

async function loadCheckpoint(file: string): Promise<Checkpoint | undefined> {
  const stored = await readJson<CheckpointFile>(file);
  if (stored === undefined) return undefined;
  checkVersion(stored.version, file);
  const { until, remembered, intent } = stored;
  return { until, remembered, ...(intent === undefined ? {} : { intent }) };
}

function checkVersion(version: number, file: string): void {
  if (version === VERSION) return;
  throw new StateError(`${file} is of version ${version}, and this program knows version ${VERSION}`, {
    hint: 'Use the newer program that wrote it, or set state.path to another folder.',
  });
}

async function readJson<Content>(file: string): Promise<Content | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StateError(`${file} cannot be read (${error.code})`, { hint: 'Let this user read and write the state folder.' });
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Content;
  } catch (cause) {
    throw new StateError(`${file} is damaged: it is no JSON`, { hint: 'Restore it from a backup, or remove it: then this partition begins anew.', cause });
  }
}

/** The file holds the old content or the new one, whatever happens in between. */
async function writeWhole(folder: string, file: string, content: object): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(folder);
}

/** A rename survives a power failure when its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
