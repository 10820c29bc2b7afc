import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/definition/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['545d', 47_088_000_000],
    ['5', undefined],
    ['5 m', undefined],
    ['-5m', undefined],
    ['', undefined],
    ['1w', undefined],
  ])('reads %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});
