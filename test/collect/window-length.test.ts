import { describe, expect, it } from 'vitest';
import { toHalf, toLength, toLonger } from '../../src/collect/window-length.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the length of windows', () => {
  it('is halved in whole seconds, down to the shortest', () => {
    const halves = [hour, 15 * minute, 3_000, 90_000].map((ms) => toHalf(ms, minute, { now: 0, growAfterMs: 0 }).ms);
    expect(halves).toEqual([30 * minute, 7.5 * minute, minute, minute]);
    expect(toHalf(7_000, 1_000, { now: 0, growAfterMs: 0 }).ms).toBe(3_000);
  });

  it('doubles with every window that went well, up to the declared length', () => {
    let length = toHalf(2 * minute, minute, { now: 5, growAfterMs: 0 });
    const lengths = [1, 2, 3, 4].map(() => {
      length = toLonger(length, 6 * minute, 5);
      return length.ms / minute;
    });
    expect(lengths).toEqual([2, 4, 6, 6]);
    expect(toLonger(toLength(minute), hour, 0).ms).toBe(2 * minute);
  });

  it('grows once in the given time after a time-out, however many windows go well', () => {
    let length = toHalf(2 * minute, minute, { now: 0, growAfterMs: 30 * minute });
    const grown: number[] = [];
    for (let now = 0; now <= 2 * hour; now += minute) {
      const before = length.ms;
      length = toLonger(length, hour, now);
      if (length.ms > before) grown.push(now / minute);
    }
    expect(grown).toEqual([30, 60, 90, 120]);
    expect(length.ms).toBe(16 * minute);
  });
});
