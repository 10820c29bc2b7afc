/** What makes waiting testable. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Resolves after the time, rejects when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long to wait before attempt number `attempt + 1`, in milliseconds: doubling from 1 s to 30 s, the upper half of it by chance. */
export function toBackOffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random;
}
