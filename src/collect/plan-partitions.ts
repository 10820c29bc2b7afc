import type { PackageDefinition, WindowDefinition } from '../definition/definition.ts';
import type { Partition } from './ports.ts';

/** What of a connection's settings decides about its partitions. */
export interface PlannedConnection {
  readonly name: string;
  readonly namespace: string;
  readonly streams: readonly {
    readonly stream: string;
    readonly scopeIds: readonly string[];
    readonly intervalMs: number;
    readonly initialIntervalMs: number;
  }[];
}

/** A partition and how its source is cut into windows. */
export interface PlannedPartition {
  readonly partition: Partition;
  readonly window: WindowDefinition;
  /** Shortest window that is still asked for, in milliseconds. */
  readonly minWindowMs: number;
}

/** One partition for each connection, stream, source and account, zone or user, in the order of the settings. */
export function planPartitions(connections: readonly PlannedConnection[], definition: PackageDefinition): readonly PlannedPartition[] {
  return connections.flatMap(({ name, namespace, streams }) =>
    streams.flatMap(({ stream, scopeIds, intervalMs, initialIntervalMs }) =>
      (definition.streams.find((declared) => declared.name === stream)?.sources ?? []).flatMap((source) =>
        (source.scope === 'user' ? ['user'] : scopeIds).map((scopeId) => ({
          partition: { connection: name, namespace, stream, source: source.name, scopeId, intervalMs, initialIntervalMs },
          window: source.window,
          minWindowMs: source.page === undefined ? 60_000 : 1_000,
        })),
      ),
    ),
  );
}
