import type { Condition } from '../../definition/definition.ts';
import { functionsFor } from './functions/functions-for.ts';
import { toPainless } from './painless-condition.ts';
import { quote } from './painless-text.ts';

/** Compiles a condition to the null-safe Painless of a processor's `if`; it has no tables, so lists of values become chains. */
export function toProcessorCondition(condition: Condition): string {
  const functions = new Map<string, string>();
  const names = new Map<string, string>();
  const read = (field: string): string => field.split('.').reduce((parent, key) => `at(${parent}, ${quote(key)})`, 'ctx');
  const table = (values: readonly string[], mark = 'true'): string => `[${values.map((value) => `${quote(value)}: ${mark}`).join(', ')}]`;
  const expression = toPainless(condition, {
    read,
    isScalar: () => false,
    table,
    hasWord: (field, words) => `wordsOf(${read(field)}, ${table(words, '1')}) != 0`,
    define: (key, body) => {
      const name = names.get(key) ?? `matches_${names.size + 1}`;
      names.set(key, name);
      functions.set(name, body(name));
      return name;
    },
  });
  const code = [...functions.values(), `return ${expression};`].join('\n');
  return [...functionsFor(code), code].join('\n');
}
