import type { FindExisting, OpenWriter } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
import { type StoredDeadLetter, toLetterKey } from './dead-letter-line.ts';
import type { DeadLetters } from './dead-letters.ts';
import { groupBy } from './group-by.ts';
import { toLetterPartition } from './read-letters.ts';

/** What sending again needs. */
export interface ReplayPorts {
  /** Makes the writer of events, with other dead letters than its own. */
  readonly openWriterWith: (deadLetters: DeadLetters) => OpenWriter;
  readonly findExisting: FindExisting;
  /** Why a letter cannot be sent at all, e.g. because its data stream is no longer declared; undefined where it can. */
  readonly findObstacle: (letter: StoredDeadLetter) => string | undefined;
  readonly signal: AbortSignal;
}

/** How letters ended that were sent again. */
export interface Replayed {
  /** Stored now. */
  readonly created: number;
  /** Was stored already. */
  readonly duplicate: number;
  /** A declared rule drops it. */
  readonly dropped: number;
  /** What is still dead, with the newest status and reason, by key. */
  readonly remaining: ReadonlyMap<string, StoredDeadLetter>;
  /** Why some were not sent, or may have been sent without an answer. */
  readonly errors: readonly ElasticsearchError[];
}

type Sent = Omit<Replayed, 'errors'>;

/**
 * Sends letters again, each key once, through the ordinary writer. What any backing index holds already is not sent. An
 * Elasticsearch that refuses leaves its letters as they are; one that cannot be reached ends the replay.
 * @throws InterruptedError when the signal fired
 */
export async function replayLetters(letters: readonly StoredDeadLetter[], ports: ReplayPorts): Promise<Replayed> {
  const byKey = new Map(letters.map((letter) => [toLetterKey(letter), letter]));
  const remaining = new Map<string, StoredDeadLetter>();
  const counts = { created: 0, duplicate: 0, dropped: 0 };
  const errors: ElasticsearchError[] = [];
  const keep = (left: Iterable<StoredDeadLetter>): void => {
    for (const letter of left) {
      remaining.set(toLetterKey(letter), letter);
    }
  };
  for (const group of groupBy(byKey.values(), (letter) => JSON.stringify(toLetterPartition(letter))).values()) {
    const obstacle = ports.findObstacle(group[0] as StoredDeadLetter);
    if (obstacle !== undefined || errors.at(-1)?.retryable === true) {
      keep(obstacle === undefined ? group : group.map((letter) => ({ ...letter, reason: obstacle })));
      continue;
    }
    try {
      const sent = await send(group, ports);
      counts.created += sent.created;
      counts.duplicate += sent.duplicate;
      counts.dropped += sent.dropped;
      keep(sent.remaining.values());
    } catch (error) {
      if (!(error instanceof ElasticsearchError)) {
        throw error;
      }
      errors.push(error);
      keep(group);
    }
  }
  return { ...counts, remaining, errors };
}

async function send(letters: readonly StoredDeadLetter[], { openWriterWith, findExisting, signal }: ReplayPorts): Promise<Sent> {
  const partition = toLetterPartition(letters[0] as StoredDeadLetter);
  const existing = await findExisting(
    partition,
    letters.map(({ id }) => id),
  );
  const missing = new Map(letters.filter(({ id }) => !existing.has(id)).map((letter) => [letter.id, letter]));
  const remaining = new Map<string, StoredDeadLetter>();
  const stillDead: DeadLetters = {
    append: async ({ record, status, reason }) => {
      const letter = { ...(missing.get(record.id) as StoredDeadLetter), status, reason };
      remaining.set(toLetterKey(letter), letter);
    },
    flush: async () => {},
    close: async () => {},
  };
  const writer = openWriterWith(stillDead)(partition, signal);
  try {
    await writer.add([...missing.values()].map((letter) => ({ id: letter.id, timeMs: undefined, raw: letter.raw })));
    const { created, duplicate, dropped } = await writer.settle();
    return { created, duplicate: duplicate + letters.length - missing.size, dropped, remaining };
  } catch (error) {
    await writer.abandon().catch(() => {});
    throw error;
  }
}
