import { describe, expect, it } from 'vitest';

import { parseRecord } from '../../src/pipeline/parse-record.ts';

describe('parseRecord', () => {
  it('keeps every digit of integers and reads others as doubles', () => {
    expect(parseRecord('[1700000000000000001,-9007199254740993,9007199254740991,5,1e20,12345678901234567.0]')).toEqual([
      1700000000000000001n,
      -9007199254740993n,
      9007199254740991,
      5,
      1e20,
      12345678901234568,
    ]);
  });

  it.each(['', ' \n'])('reads %j as null', (text) => {
    expect(parseRecord(text)).toBeNull();
  });

  it.each(['{"a":1,"a":2}', '{"n":1234567890123456789,"a":1,"a":2}'])('takes the last of equal keys in %s', (text) => {
    expect(parseRecord(text)).toMatchObject({ a: 2 });
  });

  it.each(['{"a":"//x"}//', '/* x */{"a":"//x"} // y', '{"a"/**/:/*\n*/"//x"//\n}'])('skips the comments of %j', (text) => {
    expect(parseRecord(text)).toEqual({ a: '//x' });
  });

  it.each([
    '{}/',
    '{}/*',
    '/',
    '{',
    '{"a":01}',
    '{"a":1}x',
    "{'a':1}",
    '{"a":NaN}',
    '[1,]',
    '[12345678901234567890,]',
    `[${'1'.repeat(1001)}]`,
    '['.repeat(1001) + ']'.repeat(1001),
  ])('refuses %.20s', (text) => {
    expect(() => parseRecord(text)).toThrow(SyntaxError);
  });

  it('counts no brackets within texts', () => {
    expect(parseRecord(`{"a":"${'[\\"'.repeat(1001)}"}`)).toHaveProperty('a');
  });
});
