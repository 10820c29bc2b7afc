import { describe, expect, it } from 'vitest';
import { createSchedule } from '../../../_dev/cloudflare/schedule.ts';

const HOUR = 3_600_000;

function sum(schedule: ReturnType<typeof createSchedule>, from: number, to: number): number {
  let total = 0;
  for (let bucket = from / schedule.bucketMs; bucket < to / schedule.bucketMs; bucket++) total += schedule.count(bucket);
  return total;
}

describe('createSchedule', () => {
  it.each([0, 0.5, 60, 12_345, 15_000_000])('holds %d events an hour', (perHour) => {
    const total = sum(createSchedule({ perHour, bucketMs: 60_000 }), 1000 * HOUR, 1010 * HOUR);
    expect(Math.abs(total - perHour * 10)).toBeLessThanOrEqual(1);
  });

  it('swings over a day and keeps its mean', () => {
    const schedule = createSchedule({ perHour: 1000, bucketMs: 60_000, dailySwing: 0.8 });
    const day = 24_000 * HOUR;
    expect(Math.abs(sum(schedule, day, day + 24 * HOUR) - 24_000)).toBeLessThanOrEqual(1);
    expect(sum(schedule, day + 14 * HOUR, day + 15 * HOUR)).toBeGreaterThan(1700);
    expect(sum(schedule, day + 2 * HOUR, day + 3 * HOUR)).toBeLessThan(300);
  });

  it('holds nothing before its beginning', () => {
    const schedule = createSchedule({ perHour: 60, bucketMs: 60_000, from: 1000 * HOUR });
    expect(sum(schedule, 990 * HOUR, 1000 * HOUR)).toBe(0);
    expect(sum(schedule, 1000 * HOUR, 1001 * HOUR)).toBe(60);
  });
});
