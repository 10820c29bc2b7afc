import { overlaps } from '../condition.ts';
import { toIdentifier } from './painless-text.ts';

/** Which sets of words a field's text has, found out once for all conditions that ask. */
export interface WordFacts {
  /** The expression that tells whether the field has one of the words. */
  readonly test: (field: string, words: readonly string[]) => string;
  /** To be called for each field that a statement writes: what was found out about it no longer holds. */
  readonly forget: (field: string) => void;
  /** The statements that must stand before the one whose conditions asked since the last call. */
  readonly take: () => readonly string[];
  /** How many elements the array `words` needs. */
  readonly count: () => number;
}

interface Fact {
  readonly index: number;
  /** Each word with the sum of the marks of the sets that hold it. */
  readonly table: Record<string, number>;
  /** The sets asked for, as JSON, in the order of their marks: 1, 2, 4, ... */
  readonly sets: string[];
}

/** So many marks fit into a number of JSON. */
const MAX_SETS = 52;

/** Opens the facts of a script; `read` gives the expression of a field, `name` puts a table among the parameters and gives the expression for it. */
export function openWordFacts(scope: {
  readonly read: (field: string) => string;
  readonly name: (wanted: string, table: Readonly<Record<string, number>>) => string;
}): WordFacts {
  const facts = new Map<string, Fact>();
  let statements: string[] = [];
  let count = 0;
  const open = (field: string): Fact => {
    const fact: Fact = { index: count, table: {}, sets: [] };
    count += 1;
    facts.set(field, fact);
    statements.push(`words[${fact.index}] = wordsOf(${scope.read(field)}, ${scope.name(`words_${toIdentifier(field)}`, fact.table)});`);
    return fact;
  };
  return {
    test: (field, words) => {
      const set = JSON.stringify(words);
      const known = facts.get(field);
      const fact = known === undefined || (known.sets.length === MAX_SETS && !known.sets.includes(set)) ? open(field) : known;
      if (!fact.sets.includes(set)) addSet(fact, words, set);
      return `(words[${fact.index}] & ${2 ** fact.sets.indexOf(set)}L) != 0`;
    },
    forget: (written) => {
      for (const field of [...facts.keys()]) if (overlaps(field, written)) facts.delete(field);
    },
    take: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
    count: () => count,
  };
}

function addSet({ table, sets }: Fact, words: readonly string[], set: string): void {
  const mark = 2 ** sets.length;
  sets.push(set);
  for (const word of new Set(words)) table[word] = (table[word] ?? 0) + mark;
}
