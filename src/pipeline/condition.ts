import type { Condition, Scalar } from '../definition/definition.ts';

/** The document fields that a condition reads, each once. */
export function fieldsOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'not':
      return fieldsOf(condition.condition);
    case 'and':
    case 'or':
      return [...new Set(condition.conditions.flatMap(fieldsOf))];
    default:
      return [condition.field];
  }
}

/** The same scalar: numbers by value, never a number and its text. */
export function isSame(value: unknown, scalar: Scalar): boolean {
  return typeof value === 'bigint' ? typeof scalar === 'number' && value === BigInt(Math.trunc(scalar)) : value === scalar;
}

/** True where writing one field changes the other: they are the same, or one holds the other. */
export function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
