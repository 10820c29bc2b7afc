import type { ConditionDeclaration, TestDeclaration } from './declaration.ts';
import type { Condition } from './definition.ts';

/** The condition as data. Several keys, and several tests of one field, must all hold. */
export function toCondition(declaration: ConditionDeclaration): Condition {
  return all(Object.entries(declaration).flatMap(([key, value]) => toParts(key, value)));
}

/** A condition that looks at one field. */
export type TestCondition = Extract<Condition, { readonly field: string }>;

/** The parts of the condition that look at a field, in order. */
export function listTests(condition: Condition): readonly TestCondition[] {
  switch (condition.kind) {
    case 'not':
      return listTests(condition.condition);
    case 'and':
    case 'or':
      return condition.conditions.flatMap(listTests);
    default:
      return [condition];
  }
}

/** Names of all fields that the condition looks at, each once. */
export function listConditionFields(condition: Condition): readonly string[] {
  return [...new Set(listTests(condition).map(({ field }) => field))];
}

function all(conditions: readonly Condition[]): Condition {
  const [first, ...rest] = conditions;
  return first !== undefined && rest.length === 0 ? first : { kind: 'and', conditions };
}

function toParts(key: string, value: ConditionDeclaration[string]): readonly Condition[] {
  if (value === undefined) return [];
  if (key === 'not') return [{ kind: 'not', condition: toCondition(value as ConditionDeclaration) }];
  if (key === 'and') return (value as readonly ConditionDeclaration[]).map(toCondition);
  if (key === 'or') return [{ kind: 'or', conditions: (value as readonly ConditionDeclaration[]).map(toCondition) }];
  return toTests(key, value as TestDeclaration);
}

function toTests(field: string, test: TestDeclaration): readonly Condition[] {
  if (typeof test !== 'object') return [{ kind: 'equals', field, value: test }];
  const conditions: Condition[] = [];
  if (test.exists === true) conditions.push({ kind: 'exists', field });
  if (test.exists === false) conditions.push({ kind: 'not', condition: { kind: 'exists', field } });
  if (test.in !== undefined) conditions.push({ kind: 'in', field, values: test.in });
  if (test.matches !== undefined) conditions.push({ kind: 'matches', field, pattern: test.matches });
  if (test.words !== undefined) conditions.push({ kind: 'words', field, words: test.words });
  if (test.at_least !== undefined || test.below !== undefined) {
    conditions.push({
      kind: 'range',
      field,
      ...(test.at_least === undefined ? {} : { atLeast: test.at_least }),
      ...(test.below === undefined ? {} : { below: test.below }),
    });
  }
  return conditions;
}
