import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What a partition's file says, as far as it matters here. */
export interface StateFile {
  readonly key: string;
  readonly until: number;
  /** JSON of the intent; undefined where none is open. */
  readonly intent: string | undefined;
}

/** Every partition of a state folder. A file is replaced whole, so it can be read at any time. */
export function readStateFiles(statePath: string): readonly StateFile[] {
  const folder = join(statePath, 'partitions');
  return readdirSync(folder)
    .filter((name) => isPartition(name))
    .flatMap((name) => readStateFile(join(folder, name)) ?? []);
}

/** Tells of each checkpoint and each intent when its file stands in its place; returns what stops it. */
export function watchStateFiles(statePath: string, tell: (event: 'intent' | 'checkpoint', file: StateFile) => void): () => void {
  const folder = join(statePath, 'partitions');
  const watcher = watch(folder, (_kind, name) => {
    if (name === null || !isPartition(name)) return;
    const file = readStateFile(join(folder, name));
    if (file !== undefined) tell(file.intent === undefined ? 'checkpoint' : 'intent', file);
  });
  return () => watcher.close();
}

function isPartition(name: string): boolean {
  return /^[0-9a-f]+\.json$/.test(name);
}

function readStateFile(path: string): StateFile | undefined {
  try {
    const { key, until, intent } = JSON.parse(readFileSync(path, 'utf8')) as { readonly key: string; readonly until: number; readonly intent?: object };
    return { key, until, intent: intent && JSON.stringify(intent) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
