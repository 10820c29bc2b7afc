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

  it.each(['[N]', '{"a":N}', '[1,N]', '[1, N]', '[\tN]', '[\nN]', 'N', ' N', '[-N]', '["c0ffee00112233445566778899aabbcc",N]'])('keeps them in %s', (text) => {
    expect(JSON.stringify(parseRecord(text.replace('N', '1700000000000000001')), (_, value) => String(value).match(/^-?17.*1$/)?.[0] ?? value)).toContain(
      '1700000000000000001',
    );
  });

  it.each([`1.${'1'.repeat(1000)}`, `1e${'0'.repeat(1000)}1`, `1e+${'0'.repeat(1000)}1`, `1E-${'0'.repeat(1000)}1`])(
    'refuses a number that is too long',
    (text) => {
      expect(() => parseRecord(`[${text}]`)).toThrow('too long');
    },
  );

  it.each(['', ' \n'])('reads %j as null', (text) => {
    expect(parseRecord(text)).toBeNull();
  });

  it.each(['{"a":1,"a":2}', '{"n":1234567890123456789,"a":1,"a":2}'])('takes the last of equal keys in %s', (text) => {
    expect(parseRecord(text)).toMatchObject({ a: 2 });
  });

  it.each(['{"a":"//x"}//', '/* x */{"a":"//x"} // y', '{"a"/**/:/*\n*/"//x"//\n}'])('skips the comments of %j', (text) => {
    expect(parseRecord(text)).toEqual({ a: '//x' });
  });

  it.each(['{}// \t\u007f\u2028 😀\ud800', '/*\t\r\n\u0085*/{}', '{}//x\r//y\n/* " */', '{/*"*/}'])(
    'skips the comments of %j, whatever stands in them',
    (text) => {
      expect(parseRecord(text)).toEqual({});
    },
  );

  it.each(['{}//\u0000', '//\u0000{}', '{}/*\u0001*/', '{/*\f*/}', '{}//\u000b\n', '{}//x\u001f'])(
    'refuses the control character in the comment of %j',
    (text) => {
      expect(() => parseRecord(text)).toThrow(SyntaxError);
    },
  );

  it.each(['1//', '-1.5/**/', '12345678901234567/*x*/', '//\n1/**/'])('refuses %j, a number that a comment touches', (text) => {
    expect(() => parseRecord(text)).toThrow(SyntaxError);
  });

  it.each(['1 //', '/**/1', '//\n1\n/**/', '"1"//', 'true/**/'])('takes %j, a scalar beside a comment', (text) => {
    expect(typeof parseRecord(text)).not.toBe('object');
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
