import { systemTiming } from '../cloudflare/timing.ts';

/** Resolves when the act has ended, or that time is over; rejects where the act fails before. */
export async function atMost(ms: number, act: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const over = systemTiming.sleep(ms, ended.signal).catch(() => {});
  try {
    await Promise.race([act, over]);
  } finally {
    ended.abort();
  }
}
