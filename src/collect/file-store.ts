import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../errors.ts';
import type { Checkpoint, StateEntry, StateStore } from './checkpoint.ts';
import type { PartitionStatus } from './partition-status.ts';
import { type LockOwner, type StateLock, takeStateLock } from './state-lock.ts';

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
export async function openFileStore({ folder, clusterId, owner }: FileStoreOptions): Promise<StateStore> {
  const partitions = join(folder, 'partitions');
  const lock = await prepare(folder, { partitions, owner });
  try {
    await checkStateFile(join(folder, 'state.json'), { folder, clusterId });
  } catch (error) {
    await lock.release();
    throw error;
  }
  return new FileStore(partitions, lock);
}

class FileStore implements StateStore {
  readonly #folder: string;
  readonly #lock: StateLock;
  readonly #saving = new Set<Promise<void>>();
  #closed = false;

  constructor(folder: string, lock: StateLock) {
    this.#folder = folder;
    this.#lock = lock;
  }

  load(key: string): Promise<Checkpoint | undefined> {
    return loadCheckpoint(this.#fileOf(key));
  }

  async save(key: string, checkpoint: Checkpoint): Promise<void> {
    // Another process may hold the state by now.
    if (this.#closed) throw new StateError('the state is closed: a checkpoint came too late', { hint: 'Start again: it goes on where it stopped.' });
    const saving = writeWhole(this.#folder, this.#fileOf(key), { version: VERSION, key, ...checkpoint } satisfies CheckpointFile);
    this.#saving.add(saving);
    await saving.finally(() => this.#saving.delete(saving));
  }

  async saveStatus(key: string, status: PartitionStatus): Promise<void> {
    if (this.#closed) return;
    const file = this.#fileOf(key, '.status');
    // Replaced whole, so that no reader sees half of it.
    await writeFile(`${file}.new`, JSON.stringify({ version: VERSION, key, status }), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async list(): Promise<readonly StateEntry[]> {
    const entries = new Map<string, StateEntry>();
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      const { key, status } = (await readJson<StateEntry>(join(this.#folder, name))) ?? { key: '' };
      const known = entries.get(key) ?? { key };
      const checkpoint = status === undefined ? await this.load(key) : known.checkpoint;
      entries.set(key, { ...known, ...(checkpoint && { checkpoint }), ...(status && { status }) });
    }
    return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async remove(key: string): Promise<void> {
    await Promise.all([this.#fileOf(key), this.#fileOf(key, '.status')].map((file) => rm(file, { force: true })));
    await syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#saving);
    await this.#lock.release();
  }

  #fileOf(key: string, kind = ''): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}${kind}.json`);
  }
}

async function prepare(folder: string, { partitions, owner }: { readonly partitions: string; readonly owner: LockOwner }): Promise<StateLock> {
  try {
    await mkdir(partitions, { recursive: true });
    await syncFolder(folder);
    return await takeStateLock(folder, owner);
  } catch (error) {
    if (error instanceof StateError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`the state folder ${folder} cannot be used (${code})`, { hint: 'Set state.path to a folder that this user may write.', cause: error });
  }
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
  const { version: _version, key: _key, ...checkpoint } = stored;
  if (!Number.isFinite(checkpoint.until) || !Array.isArray(checkpoint.remembered)) throw toDamaged(file, 'it is no checkpoint');
  return checkpoint;
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
    throw toDamaged(file, 'it is no JSON', cause);
  }
}

function toDamaged(file: string, why: string, cause?: unknown): StateError {
  return new StateError(`${file} is damaged: ${why}`, { hint: 'Restore it from a backup, or remove it: then this partition begins anew.', cause });
}

/** The file holds the old content or the new one, whatever happens in between. */
async function writeWhole(folder: string, file: string, content: object): Promise<void> {
  const temporary = `${file}.new`;
  try {
    await writeSynced(temporary, JSON.stringify(content));
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateError(`${file} cannot be written (${code})`, { hint: 'Make room on the disk and let this user write the state folder.', cause: error });
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename survives a power failure when its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
