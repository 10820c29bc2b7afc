import { closest, distance } from 'fastest-levenshtein';

/**
 * `Did you mean X? ` where one of the known words is near enough to be a slip of the keyboard, else the empty string.
 * Case and the word order of dotted names count.
 */
export function suggest(word: string, known: readonly string[]): string {
  if (known.length === 0 || word === '') return '';
  const nearest = closest(word, [...known]);
  return distance(word, nearest) <= Math.max(2, Math.ceil(word.length * 0.4)) ? `Did you mean ${nearest}? ` : '';
}
