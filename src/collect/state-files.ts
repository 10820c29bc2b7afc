import { open, readFile, rename } from 'node:fs/promises';
import { StateError } from '../errors.ts';

/**
 * The content of a state file; undefined where there is none.
 * @throws StateError when it cannot be read or is no JSON
 */
export async function readJson<Content>(file: string): Promise<Content | undefined> {
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

/** The error for a state file that is not what it should be. */
export function toDamaged(file: string, why: string, cause?: unknown): StateError {
  return new StateError(`${file} is damaged: ${why}`, { hint: 'Restore it from a backup, or remove it: then this partition begins anew.', cause });
}

/** The file holds the old content or the new one, whatever happens in between. */
export async function writeWhole(folder: string, file: string, content: object): Promise<void> {
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
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
