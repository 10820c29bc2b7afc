import { describe, expect, it } from 'vitest';

import { damage } from '../../../_dev/fuzz/damage.ts';
import { openRandom } from '../../../_dev/fuzz/random.ts';

const TEXT = '{"a":1,"b":["x",{"c":null}]}';
const random = openRandom(1);
const damaged = new Set(Array.from({ length: 20_000 }, () => damage(TEXT, random)));

describe('damage', () => {
  it.each([
    ['a cut', '{"a":1,"b":["x",'],
    ['a character less', '{"a":1"b":["x",{"c":null}]}'],
    ['a lone surrogate', '{"a":1,"b":["x\ud800",{"c":null}]}'],
    ['a comment of one line', '{"a":1// x\r,"b":["x",{"c":null}]}'],
    ['a comment behind the record', '{"a":1,"b":["x",{"c":null}]}//\u0000\n'],
    ['a comment before the record', '/* " */{"a":1,"b":["x",{"c":null}]}'],
    ['a control character in a comment', '{"a":/*\u0000*/1,"b":["x",{"c":null}]}'],
    ['a comment without an end', '{"a":1,"b":[/*"x",{"c":null}]}'],
    ['a byte order mark', '\ufeff{"a":1,"b":["x",{"c":null}]}'],
    ['something behind the record', '{"a":1,"b":["x",{"c":null}]}{}'],
    ['white space that JSON has not', '{"a":1,\u00a0"b":["x",{"c":null}]}'],
    ['a comma too many', '{"a":1,"b":["x",,{"c":null}]}'],
    ['commas before what closes', '{"a":1,"b":["x",{"c":null,},],}'],
    ['no number', '{"a":NaN,"b":["x",{"c":null}]}'],
    ['infinity', '{"a":1,"b":["x",{"c":-Infinity}]}'],
    ['a number that JSON has not', '{"a":.5,"b":["x",{"c":null}]}'],
    ['a lone surrogate in a text', '{"a":1,"b":["\ud800",{"c":null}]}'],
    ['a tab in a text', '{"a":"a\tb","b":["x",{"c":null}]}'],
    ['an unknown escape', '{"a":1,"b":["x",{"c":"\\x41"}]}'],
    ['a key twice', '{"a":1,"b":{"a":1},"b":["x",{"c":null}]}'],
    ['a key twice, once escaped', '{"a":1,"b":["x",{"\\u0063":"x","c":null}]}'],
    ['keys without quotes', '{a:1,b:["x",{c:null}]}'],
    ['single quotes', "{'a':1,'b':['x',{'c':null}]}"],
  ])('makes %s', (_name, text) => {
    expect(damaged.has(text)).toBe(true);
  });

  it('leaves a good deal that JSON.parse takes', () => {
    const valid = [...damaged].filter(isJson);
    expect(valid.length / damaged.size).toSatisfy((share: number) => share > 0.05 && share < 0.5);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
