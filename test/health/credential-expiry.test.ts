import { describe, expect, it } from 'vitest';
import type { Verification } from '../../src/cloudflare/verify-credential.ts';
import { createExpiryWatch, toExpiryWarning } from '../../src/health/credential-expiry.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-21T00:00:00Z');

describe('toExpiryWarning', () => {
  it.each([
    [undefined, undefined],
    [now + 14 * day, undefined],
    [now + 14 * day - 1, 'the API token expires at 2026-12-04T23:59:59.999Z, in 13 days'],
    [now + day, 'the API token expires at 2026-11-22T00:00:00Z, in 1 day'],
    [now + day - 1000, 'the API token expires at 2026-11-21T23:59:59Z, in less than a day'],
    [now, 'the API token expired at 2026-11-21T00:00:00Z'],
  ])('of %s is %s', (expires, warning) => {
    expect(toExpiryWarning(expires, now)).toBe(warning);
  });
});

describe('the watch over credentials', () => {
  it('warns at the start and daily, whatever one of them answers', async () => {
    const verify = (expiresOn?: string) => async (): Promise<Verification> => ({
      kind: 'userToken',
      id: 'x',
      status: 'active',
      ...(expiresOn === undefined ? {} : { expiresOn }),
    });
    let time = now;
    const stop = new AbortController();
    const warnings: string[] = [];
    const refuse = async (): Promise<Verification> => {
      throw new Error('no answer');
    };
    const watch = createExpiryWatch({
      connections: () =>
        new Map([
          ['refused', refuse],
          ['endless', verify()],
          ['soon', verify('2026-12-06T00:00:00Z')],
        ]),
      now: () => time,
      sleep: async (ms) => {
        time += ms;
        if (time > now + 2.5 * day) stop.abort();
      },
      warn: (connection, warning) => warnings.push(`${connection}: ${warning}`),
    });
    await watch.run(stop.signal);
    expect(warnings).toEqual(['soon: the API token expires at 2026-12-06T00:00:00Z, in 13 days']);
    expect(['refused', 'endless', 'soon'].map((name) => watch.expiresMs(name))).toEqual([undefined, undefined, Date.parse('2026-12-06T00:00:00Z')]);
  });
});
