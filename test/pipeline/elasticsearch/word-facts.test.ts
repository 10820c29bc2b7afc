import { describe, expect, it } from 'vitest';

import { overlaps } from '../../../src/pipeline/condition.ts';
import { openWordFacts } from '../../../src/pipeline/elasticsearch/word-facts.ts';

function open() {
  const tables: Record<string, Readonly<Record<string, number>>> = {};
  const facts = openWordFacts({
    read: (field) => `<${field}>`,
    name: (wanted, table) => {
      tables[wanted] = table;
      return `params.${wanted}`;
    },
  });
  return { facts, tables };
}

describe('word facts', () => {
  it('read a field once for all sets of words', () => {
    const { facts, tables } = open();
    expect(facts.test('event.action', ['add', 'create'])).toBe('(words[0] & 1L) != 0');
    expect(facts.take()).toEqual(['words[0] = wordsOf(<event.action>, params.words_event_action);']);
    expect(facts.test('event.action', ['delete', 'add'])).toBe('(words[0] & 2L) != 0');
    expect(facts.test('event.action', ['add', 'create'])).toBe('(words[0] & 1L) != 0');
    expect(facts.take()).toEqual([]);
    expect(tables).toEqual({ words_event_action: { add: 3, create: 1, delete: 2 } });
    expect(facts.count()).toBe(1);
  });

  it('read it anew after it was written', () => {
    const { facts } = open();
    facts.test('a.b', ['x']);
    facts.forget('a.c');
    expect(facts.test('a.b', ['x'])).toBe('(words[0] & 1L) != 0');
    facts.forget('a');
    expect(facts.test('a.b', ['x'])).toBe('(words[1] & 1L) != 0');
    expect(facts.take()).toHaveLength(2);
    expect(facts.count()).toBe(2);
  });

  it('never add up to more than a number of JSON holds', () => {
    const { facts, tables } = open();
    const tests = Array.from({ length: 60 }, (_, index) => facts.test('f', ['every', `word${index}`]));
    expect(new Set(tests).size).toBe(60);
    expect(facts.count()).toBe(2);
    expect(Object.values(tables.words_f ?? {}).every(Number.isSafeInteger)).toBe(true);
  });
});

describe('overlaps', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a', true],
    ['a', 'a.b', true],
    ['a.b', 'a.bc', false],
    ['a.b', 'a.c', false],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
  });
});
