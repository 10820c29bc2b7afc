import { describe, expect, it } from 'vitest';
import { compilePaths, cutElements, cutSpans, toScalar } from '../../src/cloudflare/cut-values.ts';
import { skipValue } from '../../src/cloudflare/skip-json.ts';

const PATHS = ['a', 'b.c', 'b.d.e', 'b', 'né'];

function cut(text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(`]]${text}]]`);
  const spans = new Int32Array(2 * PATHS.length);
  if (!cutSpans(bytes, { start: 2, end: bytes.length - 2 }, compilePaths(PATHS), spans)) return undefined;
  return PATHS.map((_path, slot) => toScalar(bytes, spans[2 * slot] as number, spans[2 * slot + 1] as number));
}

describe('cutSpans', () => {
  it.each<[string, readonly unknown[]]>([
    ['{}', [undefined, undefined, undefined, undefined, undefined]],
    ['{"a":1,"b":{"c":"x","d":{"e":true}},"né":"ü"}', [1, 'x', true, undefined, 'ü']],
    ['{"n\\u00e9":false,"b":7,"x":{"a":1},"a":"\\"a\\":2"}', ['"a":2', undefined, undefined, 7, false]],
    ['{"b":{"c":1},"b":{"d":{}}}', [undefined, undefined, undefined, undefined, undefined]],
    ['{"a":1795082401123456789,"b":{"c":-0,"d":{"e":1e3}}}', [1795082401123456789n, -0, 1000, undefined, undefined]],
    [' \t{ "a" :\r\n null , "b" : [ {"c":1} ] } ', [undefined, undefined, undefined, undefined, undefined]],
    ['{"A":1,"aa":2,"":3,"a":"\\ud83d\\ude00/\\/"}', ['😀//', undefined, undefined, undefined, undefined]],
    ['{"a":{"a":1},"b":{"c":{"c":1},"b":{"c":2}}}', [undefined, undefined, undefined, undefined, undefined]],
  ])('%s', (text, wanted) => {
    expect(cut(text)).toEqual(wanted);
  });

  it.each([
    '',
    ' ',
    '{',
    '{}}',
    '{} {}',
    '[]',
    '"a"',
    'null',
    '{"a":1,}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    "{'a':1}",
    '{"a":1 "b":2}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":tru}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":"\n"}',
    '{"a":"',
    '{"a":[1,]}',
    '{"a":[1}',
    '{"a":NaN}',
  ])('refuses %j', (text) => {
    expect(cut(text)).toBeUndefined();
  });

  it('accepts a value exactly where JSON.parse does', () => {
    const random = openRandom(42);
    const counts = { good: 0, bad: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const text = mutate(JSON.stringify(makeValue(random, 4)), random);
      const bytes = Buffer.from(text);
      const good = isJson(text);
      counts[good ? 'good' : 'bad'] += 1;
      const found = skipValue({ bytes, end: bytes.length }, 0, 0);
      if ((found === bytes.length) !== good) throw new Error(`${text}: ${found} of ${bytes.length}`);
    }
    expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(4_000);
  });

  it('stops where the json processor stops: 1,000 levels, numbers of 1,000 digits', () => {
    const nested = (levels: number) => Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    const skip = (bytes: Buffer) => skipValue({ bytes, end: bytes.length }, 0, 0);
    expect(skip(nested(1000))).toBe(2000);
    expect(skip(nested(1001))).toBe(-1);
    expect(skip(Buffer.from('1'.repeat(1000)))).toBe(1000);
    expect(skip(Buffer.from('1'.repeat(1001)))).toBe(-1);
    expect(skip(Buffer.from(`-${'1'.repeat(1000)}`))).toBe(1001);
    expect(skip(Buffer.from(`5.${'1'.repeat(1000)}`))).toBe(-1);
  });
});

describe('cutElements', () => {
  it('finds the bytes of each element', () => {
    const text = '[ {"a":"],[{"} ,1,[2, [3]],"\\"]" , null ]';
    const spans = cutElements(Buffer.from(text), { start: 0, end: text.length });
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['{"a":"],[{"}', '1', '[2, [3]]', '"\\"]"', 'null']);
  });
});

type Random = (below: number) => number;

/** Numbers that are the same in each run. */
function openRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LEAVES = [null, true, false, 0, -1.5e-7, 2 ** 70, '', 'a"b\\c', '\u0001\n', 'é😀', '{"a":1}', '\ud800'];

function makeValue(random: Random, depth: number): unknown {
  const kind = depth === 0 ? 2 : random(3);
  if (kind === 0) return Array.from({ length: random(4) }, () => makeValue(random, depth - 1));
  if (kind === 1) return Object.fromEntries(Array.from({ length: random(4) }, (_, index) => [`k${index}"\\`, makeValue(random, depth - 1)]));
  return LEAVES[random(LEAVES.length)];
}

function mutate(text: string, random: Random): string {
  if (random(2) === 0) return text;
  const at = random(text.length);
  const byte = '{}[]",:\\ 0e-.u\tn'[random(16)] ?? '';
  return random(2) === 0 ? text.slice(0, at) + byte + text.slice(at + 1) : text.slice(0, at) + byte + text.slice(at);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    // A value with white space around it is one only with it.
    return text.trim() === text;
  } catch {
    return false;
  }
}
