import type { Condition } from '../../definition/definition.ts';
import { functionsFor } from './functions/functions-for.ts';
import { toPainless } from './painless-condition.ts';
import { quote } from './painless-text.ts';

/** Compiles a condition to the null-safe Painless of a processor's `if`; it has no tables, so lists of values become chains. */
export function toProcessorCondition(condition: Condition): string {
  const functions = new Map<string, string>();
  const names = new Map<string, string>();
  const expression = toPainless(condition, {
    read: (field) => field.split('.').reduce((parent, key) => `at(${parent}, ${quote(key)})`, 'ctx'),
    isScalar: () => false,
    table: (values) => `[${values.map((value) => `${quote(value)}: true`).join(', ')}]`,
    define: (pattern, body) => {
      const name = names.get(pattern) ?? `matches_${names.size + 1}`;
      names.set(pattern, name);
      functions.set(name, body(name));
      return name;
    },
  });
  const code = [...functions.values(), `return ${expression};`].join('\n');
  return [...functionsFor(code), code].join('\n');
}
