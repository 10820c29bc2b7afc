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

/** A condition that holds where all of these hold; undefined for none. */
export function allOf(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length < 2 ? given[0] : { kind: 'and', conditions: given };
}

/** The same scalar: numbers by value, never a number and its text. */
export function isSame(value: unknown, scalar: Scalar): boolean {
  return typeof value === 'bigint' ? typeof scalar === 'number' && value === BigInt(Math.trunc(scalar)) : value === scalar;
}
