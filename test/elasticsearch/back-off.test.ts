import { describe, expect, it } from 'vitest';
import { toBackOffMs } from '../../src/elasticsearch/back-off.ts';
import { systemClock } from '../../src/elasticsearch/system-clock.ts';

describe('toBackOffMs', () => {
  it('doubles from 1 s to 30 s, the upper half by chance', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => toBackOffMs(attempt, 0))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect([0, 1, 5].map((attempt) => Math.round(toBackOffMs(attempt, 0.999_999)))).toEqual([1_000, 2_000, 30_000]);
  });
});

describe('systemClock', () => {
  it('wakes from a pause when the signal fires', async () => {
    const controller = new AbortController();
    const pause = systemClock.sleep(60_000, controller.signal);
    controller.abort();
    await expect(pause).rejects.toThrow('aborted');
  });
});
