import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { toDocumentId } from '../../src/pipeline/document-id.ts';

const base = { source: 'v1', scopeId: '0a1b', timeMs: 1_794_960_000_000, parts: ['5'], raw: '{"id":"5"}' };

describe('toDocumentId', () => {
  it('is the rule version, the time and the hash of the parts with their lengths', () => {
    const digest = createHash('sha256').update('2:v14:0a1b1:5').digest().subarray(0, 16).toString('base64url');
    expect(toDocumentId(base)).toBe(`1${(1_794_960_000_000).toString(16).padStart(12, '0')}${digest}`);
    expect(toDocumentId(base)).toMatch(/^1[0-9a-f]{12}[\w-]{22}$/);
  });

  it('stays what it was published as', () => {
    expect(toDocumentId(base)).toBe('101a1ebf40400XjlPp0fWcZMO1iLhTigHsw');
  });

  it.each([undefined, -1])('has zeros for the time %s', (timeMs) => {
    expect(toDocumentId({ ...base, timeMs }).slice(0, 13)).toBe('1000000000000');
  });

  it('takes the raw record where the tuple has no value', () => {
    const raw = toDocumentId({ ...base, parts: [undefined, ''] });
    expect(raw).toBe(toDocumentId({ ...base, parts: [], raw: Buffer.from(base.raw) }));
    expect(raw).toBe(toDocumentId({ ...base, parts: [base.raw] }));
    expect(raw).not.toBe(toDocumentId({ ...base, parts: [undefined], raw: '{"id":""}' }));
  });

  it('counts bytes, so that parts cannot run into each other', () => {
    expect(toDocumentId({ ...base, parts: ['a', 'b'] })).not.toBe(toDocumentId({ ...base, parts: ['ab', ''] }));
    const digest = createHash('sha256').update('2:v14:0a1b2:ä0:').digest().subarray(0, 16).toString('base64url');
    expect(toDocumentId({ ...base, parts: ['ä', undefined] }).slice(13)).toBe(digest);
  });

  it('writes half a surrogate pair as Java does', () => {
    expect(toDocumentId({ ...base, parts: ['a\ud800\ufffd'] })).toBe(toDocumentId({ ...base, parts: ['a?\ufffd'] }));
  });
});
