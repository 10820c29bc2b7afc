import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/cloudflare/retry-after.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': ' 247 ' }, 247_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': ['3', '4'] }, undefined],
    [{ 'retry-after': '99999999' }, 7_200_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 12:04:07 GMT' }, 247_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
    [{ ratelimit: '"default";r=50;t=30' }, undefined],
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: '"default"; r=0; t=30, "burst";r=0;t=60' }, 60_000],
    [{ ratelimit: '"default";r=0' }, undefined],
    [{ ratelimit: '"default";r=0;t=30', 'retry-after': '2' }, 2_000],
    [{ ratelimit: '"default";r=0;t=30', 'retry-after': 'soon' }, 30_000],
  ])('%j', (headers, wanted) => {
    expect(parseRetryAfter(headers, NOW)).toBe(wanted);
  });
});
