import type { FindExisting } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
import { type StoredDeadLetter, toLetterKey } from './dead-letter-line.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { findStored, type LetterPlace, type LetterSources, type PlacedLetter, readIndexedLetters } from './read-letters.ts';

/** A dead letter without its record. */
export interface ListedLetter extends Omit<StoredDeadLetter, 'raw'> {
  /** Everywhere it lies. */
  readonly places: readonly LetterPlace[];
}

export interface LetterList {
  /** The oldest first. */
  readonly letters: readonly ListedLetter[];
  /** How many more lie somewhere, but are stored as documents by now. */
  readonly stored: number;
  /** Why what Elasticsearch holds is missing from the list. */
  readonly error?: ElasticsearchError;
}

/** Lists every dead letter once, wherever it lies; what is stored by now is only counted. The file is listed as well where Elasticsearch gives no answer. */
export async function listDeadLetters(sources: LetterSources, findExisting: FindExisting): Promise<LetterList> {
  const found = new Map<string, ListedLetter>();
  const add = ({ letter, place }: Omit<PlacedLetter, 'isWhole'>): void => {
    const key = toLetterKey(letter);
    found.set(key, merge(found.get(key), letter, place));
  };
  for await (const letter of readDeadLetters(sources.path)) {
    if (sources.wants(letter)) {
      add({ letter, place: 'file' });
    }
  }
  try {
    for await (const placed of readIndexedLetters(sources)) {
      add(placed);
    }
    const stored = await findStored(found.values(), findExisting);
    return { letters: sort([...found].filter(([key]) => !stored.has(key)).map(([, letter]) => letter)), stored: stored.size };
  } catch (error) {
    if (error instanceof ElasticsearchError) {
      return { letters: sort([...found.values()]), stored: 0, error };
    }
    throw error;
  }
}

/** The newest reason counts; where the file only knows that the failure store has it, the failure store knows why. */
function merge(known: ListedLetter | undefined, { raw: _raw, ...letter }: StoredDeadLetter, place: LetterPlace): ListedLetter {
  if (known === undefined) {
    return { ...letter, places: [place] };
  }
  const places = known.places.includes(place) ? known.places : [...known.places, place];
  const newest = place === 'failure store' ? known.status === 201 : letter.time >= known.time;
  return newest ? { ...known, time: letter.time, status: letter.status, reason: letter.reason, places } : { ...known, places };
}

function sort(letters: readonly ListedLetter[]): readonly ListedLetter[] {
  return letters.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}
