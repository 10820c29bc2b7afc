import { describe, expect, it } from 'vitest';
import { createEdgeEncode, createServerEncode, type Encoded } from '../../src/elasticsearch/encode.ts';
import { toRecord } from './writing.ts';

function toLine(encoded: Encoded): string {
  return encoded.kind === 'document' ? Buffer.from(encoded.text, encoded.encoding).toString() : encoded.kind;
}

describe('createServerEncode', () => {
  const encode = createServerEncode({ conf: { source: 'v1', account_id: 'ä', preserve_original_event: true }, tags: ['forwarded', 'ü'] });

  it.each([
    ['plain JSON', '{"a":1}'],
    ['quotes and backslashes', '{"ua":"x\\",\\"RayID\\":\\"y\\\\"}'],
    ['every control character', `"${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')}\x7f"`],
    ['all planes of Unicode', '{"a":"é漢😀\u2028\u2029\u0080ÿ"}'],
    ['no JSON at all', 'Error streaming data'],
    ['nothing', ''],
  ])('keeps the bytes of %s', (_what, raw) => {
    const line = toLine(encode(toRecord('x', raw)));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({ message: raw, _conf: { source: 'v1', account_id: 'ä', preserve_original_event: true }, tags: ['forwarded', 'ü'] });
  });

  it('writes numbers and escapes as they came', () => {
    const raw = '{"id":1.7e18,"n":12345678901234567890,"s":"\\u00e9\\ud800"}';
    expect((JSON.parse(toLine(encode(toRecord('x', raw)))) as { readonly message: string }).message).toBe(raw);
  });

  it('sends what was looked up about a record beside what its partition has, which counts more', () => {
    const conf = { actor: { name: 'Zoë', email: 'zoë@example.com' }, source: 'v2' };
    const line = toLine(encode({ ...toRecord('x', '{"a":"é"}'), conf }));
    expect(JSON.parse(line)).toMatchObject({ message: '{"a":"é"}', _conf: { source: 'v1', account_id: 'ä', actor: conf.actor } });
    expect(JSON.parse(toLine(encode(toRecord('y'))))._conf).not.toHaveProperty('actor');
  });

  it.each([
    ['a lone byte', [0xff]],
    ['a cut sequence', [0x22, 0xe6, 0xbc]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
  ])('refuses %s', (_what, bytes) => {
    expect(encode(toRecord('x', Buffer.from(bytes)))).toEqual({ kind: 'dead', reason: expect.stringContaining('not valid UTF-8') as string });
  });
});

describe('createServerEncode with rules that leave records out', () => {
  const encode = createServerEncode({ conf: {}, tags: [] }, ({ id }) => (id === 'drop' ? 'reads' : undefined));

  it('sends what none of them names, and says which names the rest', () => {
    expect(encode(toRecord('drop'))).toEqual({ kind: 'dropped', rule: 'reads' });
    expect(encode(toRecord('keep'))).toMatchObject({ kind: 'document' });
    expect(encode(toRecord('drop', Buffer.from([0x80])))).toMatchObject({ kind: 'dead' });
  });
});

describe('createEdgeEncode', () => {
  const encode = createEdgeEncode(({ id }) => (id === 'drop' ? { dropped: 'reads' } : `{"id":"${id}"}`));

  it('takes the document that the run makes', () => {
    expect(toLine(encode(toRecord('é')))).toBe('{"id":"é"}');
  });

  it('tells a dropped record and one that is no UTF-8 apart', () => {
    expect(encode(toRecord('drop'))).toEqual({ kind: 'dropped', rule: 'reads' });
    expect(encode(toRecord('drop', Buffer.from([0x80])))).toMatchObject({ kind: 'dead' });
  });
});
