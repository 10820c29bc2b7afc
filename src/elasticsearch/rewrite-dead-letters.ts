import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateError } from '../errors.ts';
import { type StoredDeadLetter, toLetterKey, toLetterLine } from './dead-letter-line.ts';
import { type LetterLine, readLetterLines } from './read-dead-letters.ts';

/** Takes a batch of letters and tells which of them remain, as they are to be kept, by key. */
export type Replay = (letters: readonly StoredDeadLetter[]) => Promise<ReadonlyMap<string, StoredDeadLetter>>;

interface RewriteOptions {
  readonly path: string;
  /** Letters that are replayed; others stay as they are. */
  readonly wants: (letter: StoredDeadLetter) => boolean;
  readonly replay: Replay;
}

const MAX_LETTERS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Replays the letters of a file and leaves in it what remains. The file is replaced as a whole at the end: whatever happens before, it is as
 * it was, and what was stored meanwhile is found stored at the next replay. Nobody else may write the file meanwhile.
 * @throws what `replay` throws; StateError where the file cannot be written
 */
export async function rewriteDeadLetters({ path, wants, replay }: RewriteOptions): Promise<void> {
  const temporary = `${path}.new`;
  let found = false;
  const before = await sizeOf(path);
  const file = await open(temporary, 'w', 0o600).catch((error: unknown) => {
    throw toError(path, error);
  });
  try {
    for await (const lines of readBatches(path)) {
      found = true;
      await replayBatch(lines, { wants, replay, file });
    }
    await file.sync();
    await file.close();
    if (found) {
      await checkUnchanged(path, before);
      await rename(temporary, path);
      await syncFolder(dirname(path));
    }
  } catch (error) {
    throw toError(path, error);
  } finally {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
  }
}

async function* readBatches(path: string): AsyncGenerator<readonly LetterLine[]> {
  let batch: LetterLine[] = [];
  let bytes = 0;
  for await (const line of readLetterLines(path)) {
    batch.push(line);
    bytes += line.text.length;
    if (batch.length >= MAX_LETTERS || bytes >= MAX_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

async function replayBatch(lines: readonly LetterLine[], { wants, replay, file }: Omit<RewriteOptions, 'path'> & { readonly file: FileHandle }): Promise<void> {
  const wanted = lines.flatMap(({ letter }) => (letter !== undefined && wants(letter) ? [letter] : []));
  const remaining = new Map(wanted.length === 0 ? [] : await replay(wanted));
  const kept: Buffer[] = [];
  for (const { text, letter } of lines) {
    if (letter === undefined || !wants(letter)) {
      kept.push(Buffer.from(`${text}\n`));
      continue;
    }
    const key = toLetterKey(letter);
    const left = remaining.get(key);
    // A letter that stands twice in the file is kept once.
    remaining.delete(key);
    if (left !== undefined) {
      kept.push(toLetterLine(left));
    }
  }
  await file.appendFile(Buffer.concat(kept));
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function checkUnchanged(path: string, before: number): Promise<void> {
  if ((await sizeOf(path)) !== before) {
    throw new StateError(`${path} has changed during the replay: a collector writes it`, {
      hint: 'Run the same command again, or stop that collector first. Nothing is lost: the file is as the collector left it.',
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function toError(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof syscall !== 'string') {
    return error;
  }
  return new StateError(`${path} cannot be written anew (${code})`, {
    hint: 'Make room on the disk and let this user write the state folder; the file is as it was, run the same command again.',
    cause: error,
  });
}
