import { describe, expect, it } from 'vitest';

import { compareDocuments } from '../../src/pipeline/compare-documents.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import { stringifyDocument } from '../../src/pipeline/stringify-document.ts';

describe('stringifyDocument', () => {
  it.each(['{"a":1700000000000000001,"b":[1,"x",null,true,{}],"c":{"d":-9223372036854775808}}', '{"a":"\\ud800","b":1.5}'])(
    'writes %s as it was read',
    (text) => {
      expect(stringifyDocument(parseRecord(text))).toBe(text);
    },
  );
});

describe('compareDocuments', () => {
  it('takes numbers by value and keys in any order', () => {
    expect(compareDocuments(parseRecord('{"a":1.0,"b":9007199254740993}'), { b: 9007199254740993n, a: 1 })).toEqual([]);
    expect(compareDocuments({ a: 5n }, { a: 5 })).toEqual([]);
  });

  it('names what differs by its path', () => {
    expect(compareDocuments({ a: { b: [1, { c: 'x' }] }, d: 1, e: [1] }, { a: { b: [1, { c: 'y' }] }, d: '1', e: [1, 2], f: null })).toEqual([
      'a.b[1].c',
      'd',
      'e',
      'f',
    ]);
    expect(compareDocuments({ a: 9007199254740993n }, { a: 9007199254740992 })).toEqual(['a']);
  });
});
