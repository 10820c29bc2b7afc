import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../errors.ts';
import type { Checkpoint, StateEntry, StateReader, StateStore } from './checkpoint.ts';
import type { PartitionStatus } from './partition-status.ts';
import { readJson, syncFolder, toDamaged, writeWhole } from './state-files.ts';
import { type LockOwner, type StateLock, takeStateLock } from './state-lock.ts';
import { checkStateVersion, isCheckpoint, STATE_VERSION } from './stored-checkpoint.ts';

interface FileStoreOptions {
  /** Need not exist. */
  readonly folder: string;
  /** Id of the Elasticsearch cluster that the checkpoints are about. */
  readonly clusterId: string;
  readonly owner: LockOwner;
}

interface StateFile {
  readonly version: number;
  readonly cluster_id: string;
}

interface CheckpointFile extends Checkpoint {
  readonly version: number;
  readonly key: string;
}

interface StatusFile {
  readonly version: number;
  readonly key: string;
  readonly status: PartitionStatus;
}

/**
 * Checkpoints as files: one for each partition, so that saving one costs the same however many there are. For one process on one machine.
 * @throws StateError when another process uses the folder, or its checkpoints are about another cluster or of a newer version
 */
export async function openFileStore({ folder, clusterId, owner }: FileStoreOptions): Promise<StateStore> {
  const lock = await prepare(folder, owner);
  try {
    await checkStateFile(folder, clusterId);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return new FileStore(folder, lock);
}

/** Reads the checkpoints of a folder, also while a collector uses it. */
export function openFileReader(folder: string): StateReader {
  const partitions = toPartitions(folder);
  return {
    readClusterId: async () => (await readStateFile(folder))?.cluster_id,
    list: async () => {
      await readStateFile(folder);
      const entries = new Map<string, StateEntry>();
      for (const name of await listFolder(partitions)) {
        const found = name.endsWith('.status.json') ? await loadStatus(join(partitions, name)) : await loadEntry(join(partitions, name));
        if (found !== undefined) entries.set(found.key, { ...entries.get(found.key), ...found });
      }
      return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

class FileStore implements StateStore {
  readonly #folder: string;
  readonly #partitions: string;
  readonly #reader: StateReader;
  readonly #lock: StateLock;
  readonly #saving = new Set<Promise<void>>();
  #closed = false;

  constructor(folder: string, lock: StateLock) {
    this.#folder = folder;
    this.#partitions = toPartitions(folder);
    this.#reader = openFileReader(folder);
    this.#lock = lock;
  }

  async load(key: string): Promise<Checkpoint | undefined> {
    return (await loadEntry(this.#fileOf(key)))?.checkpoint;
  }

  async save(key: string, checkpoint: Checkpoint): Promise<void> {
    // Another process may hold the state by now.
    if (this.#closed) throw new StateError('the state is closed: a checkpoint came too late', { hint: 'Start again: it goes on where it stopped.' });
    const saving = writeWhole(this.#partitions, this.#fileOf(key), { version: STATE_VERSION, key, ...checkpoint } satisfies CheckpointFile);
    this.#saving.add(saving);
    await saving.finally(() => this.#saving.delete(saving));
  }

  async saveStatus(key: string, status: PartitionStatus): Promise<void> {
    if (this.#closed) return;
    const file = this.#fileOf(key, '.status');
    // Replaced whole, so that no reader sees half of it.
    await writeFile(`${file}.new`, JSON.stringify({ version: STATE_VERSION, key, status } satisfies StatusFile), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  readClusterId(): Promise<string | undefined> {
    return this.#reader.readClusterId();
  }

  list(): Promise<readonly StateEntry[]> {
    return this.#reader.list();
  }

  async remove(key: string): Promise<void> {
    await Promise.all([this.#fileOf(key), this.#fileOf(key, '.status')].map((file) => rm(file, { force: true })));
    await syncFolder(this.#partitions);
  }

  async unbind(): Promise<void> {
    await rm(toStateFile(this.#folder), { force: true });
    await syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#saving);
    await this.#lock.release();
  }

  #fileOf(key: string, kind = ''): string {
    return join(this.#partitions, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}${kind}.json`);
  }
}

function toPartitions(folder: string): string {
  return join(folder, 'partitions');
}

async function prepare(folder: string, owner: LockOwner): Promise<StateLock> {
  try {
    await mkdir(toPartitions(folder), { recursive: true });
    await syncFolder(folder);
    return await takeStateLock(folder, owner);
  } catch (error) {
    if (error instanceof StateError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state folder ${folder} cannot be used (${code})`, { hint: 'Set state.path to a folder that this user may write.', cause: error });
  }
}

function toStateFile(folder: string): string {
  return join(folder, 'state.json');
}

async function readStateFile(folder: string): Promise<StateFile | undefined> {
  const file = toStateFile(folder);
  const stored = await readJson<StateFile>(file);
  if (stored !== undefined) checkStateVersion(stored.version, file);
  return stored;
}

async function checkStateFile(folder: string, clusterId: string): Promise<void> {
  const stored = await readStateFile(folder);
  if (stored === undefined) return writeWhole(folder, toStateFile(folder), { version: STATE_VERSION, cluster_id: clusterId } satisfies StateFile);
  if (stored.cluster_id !== clusterId) {
    throw new StateError(`the state in ${folder} is about the cluster ${stored.cluster_id}, and elasticsearch.url leads to the cluster ${clusterId}`, {
      hint: 'Correct elasticsearch.url, or set state.path to another folder: then collecting begins anew, with initial_interval.',
    });
  }
}

async function listFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new StateError(`${folder} cannot be read (${error.code})`, { hint: 'Let this user read the state folder.', cause: error });
  });
  return names.filter((name) => name.endsWith('.json'));
}

async function loadEntry(file: string): Promise<{ readonly key: string; readonly checkpoint: Checkpoint } | undefined> {
  const stored = await readJson<CheckpointFile>(file);
  if (stored === undefined) return undefined;
  checkStateVersion(stored.version, file);
  const { version: _version, key, ...checkpoint } = stored;
  if (!isCheckpoint(checkpoint)) throw toDamaged(file, 'it is no checkpoint');
  return { key, checkpoint };
}

/** What cannot be read is not known; it keeps nobody from collecting. */
async function loadStatus(file: string): Promise<{ readonly key: string; readonly status: PartitionStatus } | undefined> {
  const stored = await readJson<StatusFile>(file).catch(() => undefined);
  return stored === undefined ? undefined : { key: stored.key, status: stored.status };
}
