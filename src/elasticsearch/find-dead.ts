import { stat } from 'node:fs/promises';
import type { FindExisting } from '../collect/ports.ts';
import { readDeadLetters } from './read-dead-letters.ts';

interface FindDeadOptions {
  /** The file of dead letters; need not exist. */
  readonly path: string;
  /** Finds ids among what Elasticsearch keeps of dead letters: in the failure store, in the collector data stream. */
  readonly findKept: FindExisting;
}

/** Makes the function that tells which ids are dead-lettered: in the file, or in Elasticsearch. The file is read again when it has changed. */
export function createFindDead({ path, findKept }: FindDeadOptions): FindExisting {
  let known: { readonly bytes: number; readonly keys: ReadonlySet<string> } = { bytes: 0, keys: new Set() };
  const readKeys = async (): Promise<ReadonlySet<string>> => {
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    if (bytes !== known.bytes) known = { bytes, keys: await readAll(path) };
    return known.keys;
  };
  return async ({ namespace, stream, ...partition }, ids) => {
    const keys = await readKeys();
    const dead = new Set(ids.filter((id) => keys.has(`${namespace}/${stream}/${id}`)));
    const rest = ids.filter((id) => !dead.has(id));
    return rest.length === 0 ? dead : new Set([...dead, ...(await findKept({ namespace, stream, ...partition }, rest))]);
  };
}

async function readAll(path: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { namespace, stream, id } of readDeadLetters(path)) keys.add(`${namespace}/${stream}/${id}`);
  return keys;
}
