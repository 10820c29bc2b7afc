import { describe, expect, it } from 'vitest';

import { readPattern } from '../../src/definition/pattern.ts';

describe('readPattern', () => {
  it.each([
    ['abc', [{ text: 'abc', start: false, end: false }]],
    ['^a', [{ text: 'a', start: true, end: false }]],
    ['a$', [{ text: 'a', start: false, end: true }]],
    ['^a\\.b$', [{ text: 'a.b', start: true, end: true }]],
    [
      '^(?:a|b)c|d',
      [
        { text: 'ac', start: true, end: false },
        { text: 'bc', start: true, end: false },
        { text: 'd', start: false, end: false },
      ],
    ],
    ['^$', [{ text: '', start: true, end: true }]],
  ])('multiplies out %s', (source, literals) => {
    expect(readPattern(source).literals).toEqual(literals);
  });

  it.each(['a+', 'a?', 'a*', 'a{2}', '[ab]', '.', '\\d', 'a^b', 'a$b', '(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)'])('leaves %s to the engines', (source) => {
    expect(readPattern(source).literals).toBeUndefined();
  });

  it.each([
    ['a.c$', 'a[^\\n\\r\\u2028\\u2029]c\\z'],
    ['[a[&]', '[a\\[\\&]'],
    ['a/b\\/c', 'a\\/b\\/c'],
    ['[^/\\/]+', '[^\\/\\/]+'],
    ['^\\w+\\-', '^\\w+\\-'],
  ])('says %s in Java as %s', (source, java) => {
    expect(readPattern(source).java).toBe(java);
  });

  it.each(['\\s', '\\bx', '(?=a)', '(?<n>a)', '(a)\\1', '\\p{L}', '(', 'a)', '[', '*', 'a**', '{', 'x{2'])('refuses %s', (source) => {
    expect(() => readPattern(source)).toThrow(SyntaxError);
  });
});
