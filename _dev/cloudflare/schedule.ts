const HOUR_MS = 3_600_000;

/** How many events happen in each bucket of time. A pure function of the bucket, so that any moment can be asked for without the moments before it. */
export interface Schedule {
  readonly bucketMs: number;
  /** Regular events of a bucket; buckets are numbered from the epoch. */
  readonly count: (bucket: number) => number;
}

export interface ScheduleOptions {
  /** Mean events per hour; fractions are spread exactly (0.5 is one event every two hours). */
  readonly perHour: number;
  readonly bucketMs: number;
  /** 0 (the same at any hour) to below 1 (nearly nothing at 02:00 UTC, twice the mean at 14:00). @default 0 */
  readonly dailySwing?: number;
  /** Nothing happens before this moment (ms). */
  readonly from?: number;
}

/** A schedule whose buckets add up: any span holds the mean times its length, to within one event. */
export function createSchedule({ perHour, bucketMs, dailySwing = 0, from = 0 }: ScheduleOptions): Schedule {
  const swing = Math.min(Math.max(dailySwing, 0), 0.99);
  const total = (ms: number): number => {
    const hours = Math.max(ms, from) / HOUR_MS;
    return Math.floor(perHour * (hours + ((swing * 24) / (2 * Math.PI)) * Math.sin((2 * Math.PI * (hours - 14)) / 24)));
  };
  return { bucketMs, count: (bucket) => total((bucket + 1) * bucketMs) - total(bucket * bucketMs) };
}
