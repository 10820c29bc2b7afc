import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, StateEntry } from '../collect/checkpoint.ts';
import type { PartitionStatus } from '../collect/partition-status.ts';
import { StateError } from '../errors.ts';

/** Reads what collectors have saved, beside them: it takes no lock and changes nothing. */
export interface StateReader {
  /**
   * Every partition that was ever saved, in the order of keys.
   * @throws StateError where there is no state, or it cannot be read
   */
  list(): Promise<readonly StateEntry[]>;
}

const VERSION = 1;

/** One file of the folder: a checkpoint, or what is known beside it. */
type StoredFile = { readonly version: number; readonly key: string } & ({ readonly status: PartitionStatus } | Checkpoint);

/** Reads the state that a collector keeps in a folder. Files are replaced whole, so none is ever seen half written. */
export function openFileStateReader(folder: string): StateReader {
  const partitions = join(folder, 'partitions');
  return {
    list: async () => {
      const entries = new Map<string, StateEntry>();
      for (const name of await listFiles(partitions, folder)) {
        const stored = name.endsWith('.json') ? await readStored(join(partitions, name)) : undefined;
        if (stored !== undefined) entries.set(stored.key, { ...entries.get(stored.key), ...stored });
      }
      return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

async function listFiles(partitions: string, folder: string): Promise<readonly string[]> {
  try {
    return await readdir(partitions);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new StateError(`the state in ${folder} ${why}`, {
      hint: 'Name the folder of the running collector in state.path and let this user read it; `collect` makes it.',
      cause: error,
    });
  }
}

/** Undefined where the file went away in the meantime. */
async function readStored(file: string): Promise<StateEntry | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StateError(`${file} cannot be read (${error.code})`, { hint: 'Let this user read the state folder.', cause: error });
  });
  return text === undefined ? undefined : toEntry(parse(text, file), file);
}

function parse(text: string, file: string): StoredFile {
  try {
    return JSON.parse(text) as StoredFile;
  } catch (cause) {
    throw new StateError(`${file} is damaged: it is no JSON`, { hint: 'Restore it from a backup, or remove it: then this partition begins anew.', cause });
  }
}

function toEntry({ version, key, ...content }: StoredFile, file: string): StateEntry {
  if (version !== VERSION) {
    throw new StateError(`${file} is of version ${version}, and this program knows version ${VERSION}`, { hint: 'Use the newer program that wrote it.' });
  }
  return 'status' in content ? { key, status: content.status } : { key, checkpoint: content };
}
