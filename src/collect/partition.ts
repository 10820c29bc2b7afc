import type { Partition } from './ports.ts';

/** Name of a partition that stays the same as long as its settings name the same things: the key of its checkpoint. */
export function toPartitionKey({ connection, namespace, stream, source, scopeId }: Partition): string {
  return [connection, namespace, stream, source, scopeId].join('/');
}
