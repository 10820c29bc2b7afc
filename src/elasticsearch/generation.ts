import type { Partition, ReadGeneration } from '../collect/ports.ts';
import { readBackingIndices } from './backing-indices.ts';
import type { Elasticsearch } from './client.ts';

/** Makes the function that tells which backing index takes a partition's writes now; undefined before the first write. */
export function createReadGeneration(client: Elasticsearch, dataStreamOf: (partition: Partition) => string): ReadGeneration {
  return async (partition) => (await readBackingIndices(client, dataStreamOf(partition))).at(-1);
}
