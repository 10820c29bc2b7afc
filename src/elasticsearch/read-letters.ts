import type { FindExisting, Partition } from '../collect/ports.ts';
import type { Elasticsearch } from './client.ts';
import { type StoredDeadLetter, toLetterKey } from './dead-letter-line.ts';
import { COLLECTOR_STREAM } from './gap-writer.ts';
import { groupBy } from './group-by.ts';
import { readDeadLetterStream } from './read-dead-letter-stream.ts';
import { type FailureTarget, readFailureStore } from './read-failure-store.ts';

/** Where a dead letter lies. */
export type LetterPlace = 'file' | 'data stream' | 'failure store';

/** A dead letter and where it lies. */
export interface PlacedLetter {
  readonly letter: StoredDeadLetter;
  readonly place: LetterPlace;
  /** Whether the record itself is in it, so that it can be sent again from there. */
  readonly isWhole: boolean;
}

/** Where dead letters are looked for, and which. */
export interface LetterSources {
  /** The file; need not exist. */
  readonly path: string;
  readonly client: Elasticsearch;
  /** The data streams whose failure stores are read; among them the collector streams, which hold letters themselves. */
  readonly targets: readonly FailureTarget[];
  readonly wants: (letter: StoredDeadLetter) => boolean;
}

/**
 * Reads the dead letters that Elasticsearch holds: those of the collector data streams, then those of the failure stores.
 * @throws ElasticsearchError
 */
export async function* readIndexedLetters({ client, targets, wants }: LetterSources): AsyncGenerator<PlacedLetter> {
  for (const { dataStream, namespace } of targets.filter(({ stream }) => stream === COLLECTOR_STREAM)) {
    for await (const letter of readDeadLetterStream(client, { dataStream, namespace })) {
      if (wants(letter)) {
        yield { letter, place: 'data stream', isWhole: true };
      }
    }
  }
  for (const target of targets) {
    for await (const { letter, isWhole } of readFailureStore(client, target)) {
      if (wants(letter)) {
        yield { letter, place: 'failure store', isWhole };
      }
    }
  }
}

/** The partition that a letter belongs to; it is never scheduled. */
export function toLetterPartition({ connection, namespace, stream, source, scope_id: scopeId }: Omit<StoredDeadLetter, 'raw'>): Partition {
  return { connection, namespace, stream, source, scopeId, intervalMs: 0, initialIntervalMs: 0 };
}

/**
 * Keys of those letters whose documents are stored by now.
 * @throws ElasticsearchError
 */
export async function findStored(letters: Iterable<Omit<StoredDeadLetter, 'raw'>>, findExisting: FindExisting): Promise<ReadonlySet<string>> {
  const stored = new Set<string>();
  for (const group of groupBy(letters, ({ namespace, stream }) => `${namespace}/${stream}`).values()) {
    const [first] = group;
    if (first === undefined) {
      continue;
    }
    const ids = group.map(({ id }) => id);
    for (const id of await findExisting(toLetterPartition(first), ids)) {
      stored.add(toLetterKey({ ...first, id }));
    }
  }
  return stored;
}
