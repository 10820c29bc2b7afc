import { describe, expect, it } from 'vitest';
import { renderKuery } from '../../../src/compile/dashboard/render-kuery.ts';
import type { ConditionDeclaration } from '../../../src/definition/declaration.ts';
import { toCondition } from '../../../src/definition/to-condition.ts';

describe('renderKuery', () => {
  it.each<readonly [query: string, when: ConditionDeclaration]>([
    ['event.outcome: "failure"', { 'event.outcome': 'failure' }],
    ['a: "say \\"no\\" to \\\\ and *"', { a: 'say "no" to \\ and *' }],
    ['a: 3', { a: 3 }],
    ['a: false', { a: false }],
    ['a: *', { a: { exists: true } }],
    ['not a: *', { a: { exists: false } }],
    ['a: ("x" or "y z")', { a: { in: ['x', 'y z'] } }],
    ['a >= 400 and a < 500', { a: { at_least: 400, below: 500 } }],
    ['not (a >= 400 and a < 500)', { not: { a: { at_least: 400, below: 500 } } }],
    ['a >= 400', { a: { at_least: 400 } }],
    ['a: "x" and not b: ("y")', { a: 'x', not: { b: { in: ['y'] } } }],
    ['a: "x" and (b: "y" or (c < 3))', { a: 'x', or: [{ b: 'y' }, { c: { below: 3 } }] }],
    ['not (a: "x" and b: "y")', { not: { a: 'x', b: 'y' } }],
  ])('writes %s', (query, when) => {
    expect(renderKuery(toCondition(when))).toBe(query);
  });

  it('refuses what the language cannot say', () => {
    expect(() => renderKuery({ kind: 'words', field: 'a', words: ['x'] })).toThrow("Kibana's query language has no words");
  });
});
