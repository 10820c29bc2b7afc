import { describe, expect, it } from 'vitest';
import { type BulkSpaces, openBulkSpaces } from '../../src/elasticsearch/bulk-space.ts';
import type { EncodedDocument } from '../../src/elasticsearch/encode.ts';
import { toRecord } from './writing.ts';

const utf8 = (text: string): EncodedDocument => ({ kind: 'document', text, encoding: 'utf8' });
const record = toRecord('id', '{"n":"é"}');

function open(maxBytes = 200): BulkSpaces {
  return openBulkSpaces({ maxBytes, most: 1 });
}

describe('a bulk space', () => {
  it('makes entries that do not change with the bytes they were made of', () => {
    const raw = Buffer.from('{"n":"é"}');
    const space = open().take({ ...record, raw }, utf8('{"é":1}'));
    const entry = space.add({ ...record, raw }, utf8('{"é":1}'));
    raw.fill(0);
    expect(entry?.bytes.toString()).toBe('{"create":{"_id":"id"}}\n{"é":1}\n');
    expect(entry?.record).toEqual(record);
  });

  it('takes each character of Latin-1 for one byte', () => {
    const document: EncodedDocument = { kind: 'document', text: Buffer.from('{"é":1}').toString('latin1'), encoding: 'latin1' };
    const entry = open().take(record, document).add(record, document);
    expect(entry?.bytes.toString()).toContain('\n{"é":1}\n');
  });

  it('lets entries lie one behind the other, up to the size of a request', () => {
    const space = open().take(record, utf8('{}'));
    const made = Array.from({ length: 20 }, () => space.add(record, utf8('{}'))).filter((entry) => entry !== undefined);
    expect(made).toHaveLength(Math.floor(200 / '{"create":{"_id":"id"}}\n{}\n'.length));
    expect(made.map(({ bytes }) => bytes.byteOffset)).toEqual(made.map(({ bytes }, index) => index * bytes.length));
    expect(made.every((entry) => entry.record.raw.equals(record.raw))).toBe(true);
  });

  it('is full too where the records are far larger than what is sent of them', () => {
    const large = toRecord('id', `"${'x'.repeat(150)}"`);
    const space = open().take(large, utf8('{}'));
    const made = [1, 2, 3].map(() => space.add(large, utf8('{}')));
    expect(made.map((entry) => entry !== undefined)).toEqual([true, true, false]);
    expect(made.slice(0, 2).every((entry) => entry?.record.raw.equals(large.raw))).toBe(true);
  });

  it('is used again, and one made for a larger entry is not', () => {
    const spaces = open();
    const first = spaces.take(record, utf8('{}'));
    first.add(record, utf8('{}'));
    const large = spaces.take(record, utf8(`"${'x'.repeat(300)}"`));
    expect(large.add(record, utf8(`"${'x'.repeat(300)}"`))?.bytes.length).toBeGreaterThan(300);
    spaces.giveBack(large);
    spaces.giveBack(first);
    expect(spaces.take(record, utf8('{}'))).toBe(first);
    expect(first.add(record, utf8('{}'))?.bytes.byteOffset).toBe(0);
  });
});
