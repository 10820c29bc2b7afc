import { describe, expect, it } from 'vitest';
import { toQueries } from '../../../_dev/dashboards/kql/to-query.ts';

const match = (field: string, text: string) => ({ match: { [field]: text } });
const either = (...should: readonly object[]) => ({ bool: { should, minimum_should_match: 1 } });
const both = (...filter: readonly object[]) => ({ bool: { filter } });
const not = (query: object) => ({ bool: { must_not: [query] } });

describe("Kibana's query language", () => {
  it.each([
    ['a: b', match('a', 'b')],
    ['a.b : "c d"', { match_phrase: { 'a.b': 'c d' } }],
    ['a: "say \\"x\\""', { match_phrase: { a: 'say "x"' } }],
    ['a: one two', match('a', 'one two')],
    ['a: *', { exists: { field: 'a' } }],
    ['"a": *', { exists: { field: 'a' } }],
    ['a: b*', { wildcard: { a: { value: 'b*' } } }],
    ['a: *b?c*', { wildcard: { a: { value: '*b\\?c*' } } }],
    ['a: b\\*', match('a', 'b*')],
    ['a: "b*"', { match_phrase: { a: 'b*' } }],
    ['a >= 500', { range: { a: { gte: '500' } } }],
    ['a<5', { range: { a: { lt: '5' } } }],
    ['a > 1 and a <= 2', both({ range: { a: { gt: '1' } } }, { range: { a: { lte: '2' } } })],
    ['a: b and c: d or e: f', either(both(match('a', 'b'), match('c', 'd')), match('e', 'f'))],
    ['a: b and (c: d or e: f)', both(match('a', 'b'), either(match('c', 'd'), match('e', 'f')))],
    ['not a: b and c: d', both(not(match('a', 'b')), match('c', 'd'))],
    ['NOT (a: b OR c: d)', not(either(match('a', 'b'), match('c', 'd')))],
    ['a: (b or "c d" or not e)', either(match('a', 'b'), { match_phrase: { a: 'c d' } }, not(match('a', 'e')))],
  ])('%s', (kql, query) => {
    expect(toQueries(kql)).toEqual([query]);
  });

  it.each([[''], ['   ']])('nothing is asked by "%s"', (kql) => {
    expect(toQueries(kql)).toEqual([]);
  });

  it.each([
    ['words', /a value stands without the name of a field/],
    ['a: b c: d', /something is left over/],
    ['a:', /a name or a value is missing/],
    ['a: not b', /a name or a value is missing/],
    ['(a: b', /a closing parenthesis is missing/],
    ['a*: b', /a name of a field holds a wildcard/],
    ['a: { b: c }', /is not understood from "\{ b: c \}" on/],
    ['a: "b', /is not understood from "\\"b|is not understood from ""b" on/],
    ['and a: b', /a name or a value is missing/],
  ])('refuses %s', (kql, message) => {
    expect(() => toQueries(kql)).toThrow(message);
  });
});
