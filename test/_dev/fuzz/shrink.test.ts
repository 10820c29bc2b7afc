import { describe, expect, it } from 'vitest';

import { shrink } from '../../../_dev/fuzz/shrink.ts';
import type { Envelope } from '../../../src/pipeline/local/compile-runner.ts';

/** Fails where the message has the text. */
const failingOn = (part: string) => async (envelopes: readonly Envelope[]) => envelopes.map(({ message }) => String(message).includes(part));

describe('shrink', () => {
  it('leaves out whatever the failure does not need', async () => {
    const message = `{"a":{"b":{"c":"${'x'.repeat(5000)}needle${'y'.repeat(5000)}"}},"d":[1,2,3],"e":"f"}`;
    const small = await shrink({ message, _conf: { source: 'v1' }, tags: ['forwarded'] }, failingOn('needle'));
    expect(Object.keys(small)).toEqual(['message']);
    expect(String(small.message).length).toBeLessThan(60);
  });

  it('cuts a text that is no JSON', async () => {
    const small = await shrink({ message: `{"a":${'z'.repeat(900)}!` }, failingOn('!'));
    expect(small).toEqual({ message: '!' });
  });

  it('returns what cannot be made smaller', async () => {
    expect(await shrink({ message: '{}' }, failingOn('{}'))).toEqual({ message: '{}' });
  });
});
