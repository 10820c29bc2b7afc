import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/cloudflare/budget.ts';
import { type Block, findBlocks } from '../../src/cloudflare/find-blocks.ts';
import { type Act, CloudflareError } from '../../src/errors.ts';

const user: Target = { kind: 'request' };
const zone: Target = { kind: 'logpull', zoneId: 'a' };

function refusal(more: { readonly act?: Act; readonly status?: number; readonly codes?: readonly number[]; readonly retryAfterMs?: number } = {}) {
  return new CloudflareError('refused', { act: 'wait', status: 429, hint: 'h', ...more });
}

interface Case {
  readonly name: string;
  readonly target: Target;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: CloudflareError;
  readonly expected: readonly Block[];
}

const cases: readonly Case[] = [
  { name: 'a good answer', target: zone, headers: { ratelimit: '"default";r=50;t=30' }, expected: [] },
  { name: 'nothing is left', target: zone, headers: { ratelimit: '"default";r=0;t=30' }, expected: [{ target: user, ms: 30_000 }] },
  {
    name: 'less than a twentieth is left',
    target: user,
    headers: { ratelimit: '"default";r=59;t=30', 'ratelimit-policy': '"default";q=1200;w=300' },
    expected: [{ target: user, ms: 30_000 }],
  },
  {
    name: 'a twentieth is left',
    target: user,
    headers: { ratelimit: '"default";r=60;t=30', 'ratelimit-policy': '"default";q=1200;w=300' },
    expected: [],
  },
  {
    name: 'each policy by its own quota',
    target: user,
    headers: { ratelimit: '"burst";r=4;t=7, "default";r=59;t=30', 'ratelimit-policy': '"default";q=100;w=300, "burst";q=100;w=60' },
    expected: [{ target: user, ms: 7_000 }],
  },
  { name: '429 with Retry-After', target: user, error: refusal({ retryAfterMs: 300_000 }), expected: [{ target: user, ms: 300_000 }] },
  {
    name: '429 of Logpull blocks its zone',
    target: zone,
    error: refusal({ codes: [971], retryAfterMs: 3_600_000 }),
    expected: [{ target: zone, ms: 3_600_000 }],
  },
  {
    name: '429 that is about the user, whatever was asked for',
    target: zone,
    error: refusal({ codes: [10_100], retryAfterMs: 240_000 }),
    expected: [{ target: user, ms: 240_000 }],
  },
  {
    name: '429 of the API without a time: the documented five minutes',
    target: user,
    error: refusal({ codes: [971] }),
    expected: [{ target: user, ms: 300_000 }],
  },
  { name: '429 of Logpull without a time: its minute', target: zone, error: refusal({ codes: [971] }), expected: [{ target: zone, ms: 60_000 }] },
  { name: '429 of something before the API', target: user, error: refusal(), expected: [] },
  {
    name: '429 that leaves nothing of anything',
    target: zone,
    headers: { ratelimit: '"default";r=0;t=240' },
    error: refusal({ retryAfterMs: 240_000 }),
    expected: [
      { target: user, ms: 240_000 },
      { target: zone, ms: 240_000 },
    ],
  },
  { name: 'too many failed logins are no rate limit', target: user, error: refusal({ act: 'pause', codes: [10_502], retryAfterMs: 9_000 }), expected: [] },
  { name: 'a window that is too recent', target: zone, error: refusal({ status: 400 }), expected: [] },
  { name: 'an outage', target: user, error: refusal({ act: 'retry', status: 503, retryAfterMs: 9_000 }), expected: [] },
];

describe('findBlocks', () => {
  it.each(cases)('$name', ({ target, headers = {}, error, expected }) => {
    expect(findBlocks(target, headers, error)).toEqual(expected);
  });
});
