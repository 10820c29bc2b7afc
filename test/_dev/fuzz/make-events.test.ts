import { describe, expect, it } from 'vitest';

import { readSeeds } from '../../../_dev/fuzz/base-records.ts';
import { makeEvents } from '../../../_dev/fuzz/make-events.ts';
import { parseTree, placesOf, printTree, replaceAt, subtreeAt } from '../../../_dev/fuzz/tree.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import type { Envelope } from '../../../src/pipeline/local/compile-runner.ts';

const { streams } = await readDefinition('.');

async function take(name: string, seed: number, count: number): Promise<readonly Envelope[]> {
  const stream = streams.find((candidate) => candidate.name === name);
  if (stream === undefined) throw new Error(`no stream ${name}`);
  const events = makeEvents(await readSeeds('.', stream), seed);
  return Array.from({ length: count }, () => events.next().value as Envelope);
}

describe.each(streams.map(({ name }) => name))('makeEvents for %s', (name) => {
  it('is the same for the same seed, another for another', async () => {
    expect(await take(name, 1, 50)).toEqual(await take(name, 1, 50));
    expect(await take(name, 1, 50)).not.toEqual(await take(name, 2, 50));
  });

  it('makes what two implementations may disagree about', async () => {
    const events = await take(name, 1, 2000);
    const messages = events.map(({ message }) => String(message)).join('\n');
    for (const part of ['null', '1.0', '9007199254740993', '9223372036854775808', '"İΣς"', '\\u0000', '\\ud800', '"😀"', 'z'.repeat(40_000)]) {
      expect(messages).toContain(part);
    }
    expect(messages).toContain('{"a":'.repeat(996));
    expect(events.some(({ message }) => parseTree(String(message)) === undefined)).toBe(true);
    expect(events.some((event) => !('_conf' in event))).toBe(true);
  });

  it('makes events of every source', async () => {
    const stream = streams.find((candidate) => candidate.name === name);
    const sources = (await take(name, 1, 300)).map(({ _conf: conf }) => (conf as { source?: string } | undefined)?.source);
    expect(sources).toEqual(expect.arrayContaining((stream?.sources ?? []).map(({ name: source }) => source)));
  });

  it('reaches every path that the declarations read', async () => {
    const stream = streams.find((candidate) => candidate.name === name);
    const { paths } = await readSeeds('.', stream as NonNullable<typeof stream>);
    const records = (await take(name, 1, 2000)).map(({ message }) => parseTree(String(message)));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !records.some((record) => subtreeAt(record, path) !== undefined)).map((path) => path.join('.'))).toEqual([]);
  });
});

describe('a tree', () => {
  it.each(['{"a":1.0,"b":[1e400,"\\ud800",{"c":null}],"":{}}', '[]', '"x"', '12345678901234567890'])('prints %s as it was read', (text) => {
    expect(printTree(parseTree(text) ?? '')).toBe(text);
  });

  it('is none where the text is no JSON', () => {
    expect(parseTree('{"a":')).toBeUndefined();
  });

  it('can be changed at a place', () => {
    const tree = parseTree('{"a":{"b":[1,2]}}');
    expect(placesOf(tree ?? '')).toEqual([['a'], ['a', 'b'], ['a', 'b', '0'], ['a', 'b', '1']]);
    expect(replaceAt(tree, ['a', 'b', '0'], undefined)).toEqual({ a: { b: ['2'] } });
    expect(replaceAt(tree, ['a', 'c', 'd'], '3')).toEqual({ a: { b: ['1', '2'], c: { d: '3' } } });
    expect(replaceAt(tree, ['a'], undefined)).toEqual({});
  });

  it.each(['constructor', '__proto__', 'toString'])('has no %s of its own', (key) => {
    const tree = parseTree('{"a":{}}') ?? '';
    expect(subtreeAt(tree, ['a', key])).toBeUndefined();
    expect(printTree(replaceAt(tree, ['a', key, 'b'], '1') ?? '')).toBe(`{"a":{"${key}":{"b":1}}}`);
  });
});
