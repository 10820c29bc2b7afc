import { type Choices, chooseSources } from '../definition/choose-sources.ts';
import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { chooseRetention } from '../definition/retention.ts';
import type { BoundedWindow } from './next-window.ts';
import type { Partition } from './ports.ts';

/** What of a connection's settings decides about its partitions. */
export interface PlannedConnection {
  readonly name: string;
  readonly namespace: string;
  readonly streams: readonly PlannedStream[];
  /** Counts how often it was opened anew. @default 0 */
  readonly revision?: number;
}

interface PlannedStream {
  readonly stream: string;
  readonly scopeIds: readonly string[];
  readonly intervalMs: number;
  readonly initialIntervalMs: number;
  /** Values of variables that choose between sources. @default the declared defaults */
  readonly choices?: Choices;
}

/** A partition and how its source is cut into windows. */
export interface PlannedPartition {
  readonly partition: Partition;
  readonly window: BoundedWindow;
  /** Shortest window that is still asked for, in milliseconds. */
  readonly minWindowMs: number;
  /** Without a checkpoint of its own, the partition begins at this one's. */
  readonly continues?: Partition;
  /** Of the connection: with another one the partition takes its next turn at once. @default 0 */
  readonly revision?: number;
}

/** One partition for each connection, stream, chosen source and account, zone or user, in the order of the settings. */
export function planPartitions(connections: readonly PlannedConnection[], definition: PackageDefinition): readonly PlannedPartition[] {
  return connections.flatMap(({ name, namespace, streams, revision = 0 }) =>
    streams.flatMap((given) => {
      const declared = definition.streams.find((candidate) => candidate.name === given.stream);
      return declared === undefined ? [] : planStream(declared, given, { connection: name, namespace, revision });
    }),
  );
}

type Place = Pick<Partition, 'connection' | 'namespace'>;

function planStream(
  declared: StreamDefinition,
  given: PlannedStream,
  { revision, ...place }: Place & { readonly revision: number },
): readonly PlannedPartition[] {
  const { stream, scopeIds, intervalMs, initialIntervalMs, choices } = given;
  return chooseSources(declared, choices).flatMap(({ name, scope, window, page, continues }) =>
    (scope === 'user' ? ['user'] : scopeIds).map((scopeId) => {
      const partition = { ...place, stream, source: name, scopeId, intervalMs, initialIntervalMs };
      const minWindowMs = page === undefined ? 60_000 : 1_000;
      return {
        partition,
        window: chooseRetention(window, choices),
        minWindowMs,
        revision,
        ...(continues === undefined ? {} : { continues: { ...partition, source: continues } }),
      };
    }),
  );
}
