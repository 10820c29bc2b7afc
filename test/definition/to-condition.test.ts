import { describe, expect, it } from 'vitest';
import type { ConditionDeclaration } from '../../src/definition/declaration.ts';
import type { Condition } from '../../src/definition/definition.ts';
import { listConditionFields, toCondition } from '../../src/definition/to-condition.ts';

const a: Condition = { kind: 'equals', field: 'a', value: 1 };
const b: Condition = { kind: 'equals', field: 'b', value: 'x' };

describe('toCondition', () => {
  it.each<readonly [string, ConditionDeclaration, Condition]>([
    ['a value', { a: 1 }, a],
    ['several fields', { a: 1, b: 'x' }, { kind: 'and', conditions: [a, b] }],
    ['a field that exists', { a: { exists: true } }, { kind: 'exists', field: 'a' }],
    ['a field that does not exist', { a: { exists: false } }, { kind: 'not', condition: { kind: 'exists', field: 'a' } }],
    ['one of several values', { a: { in: [1, 'x', true] } }, { kind: 'in', field: 'a', values: [1, 'x', true] }],
    ['a pattern', { a: { matches: '^x' } }, { kind: 'matches', field: 'a', pattern: '^x' }],
    ['a range', { a: { at_least: 400, below: 600 } }, { kind: 'range', field: 'a', atLeast: 400, below: 600 }],
    ['a range without an end', { a: { at_least: 0 } }, { kind: 'range', field: 'a', atLeast: 0 }],
    ['a range without a start', { a: { below: 0 } }, { kind: 'range', field: 'a', below: 0 }],
    [
      'several tests of a field',
      { a: { exists: true, below: 5 } },
      {
        kind: 'and',
        conditions: [
          { kind: 'exists', field: 'a' },
          { kind: 'range', field: 'a', below: 5 },
        ],
      },
    ],
    ['not', { not: { a: 1 } }, { kind: 'not', condition: a }],
    ['or', { or: [{ a: 1 }, { b: 'x' }] }, { kind: 'or', conditions: [a, b] }],
    ['and', { and: [{ a: 1 }, { b: 'x' }] }, { kind: 'and', conditions: [a, b] }],
    ['a field beside or', { a: 1, or: [{ b: 'x' }, { a: 1 }] }, { kind: 'and', conditions: [a, { kind: 'or', conditions: [b, a] }] }],
  ])('reads %s', (_, declaration, condition) => {
    expect(toCondition(declaration)).toEqual(condition);
  });
});

describe('listConditionFields', () => {
  it('names each field once, however deep', () => {
    expect(listConditionFields(toCondition({ a: 1, not: { or: [{ b: 'x' }, { a: { exists: true } }] } }))).toEqual(['a', 'b']);
  });
});
