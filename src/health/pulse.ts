import type { Read } from '../collect/ports.ts';

/** Tells whether a collection still moves. */
export interface Pulse {
  /** The same, whose sleeps count as moving until they should have ended. */
  watch<Sleeper extends CanSleep>(sleeper: Sleeper): Sleeper;
  /** The same, where each window that is asked for and each batch of it counts as moving. */
  watchRead(read: Read): Read;
  /** How long nothing has moved that should have, in milliseconds; 0 while something waits on purpose. */
  stillMs(): number;
}

interface CanSleep {
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

/** Longer than any single request or bulk may take: more than that is no waiting, it is stuck. */
export const STUCK_AFTER_MS = 15 * 60_000;

/** Makes a pulse that begins now; `now` in milliseconds. */
export function createPulse(now: () => number): Pulse {
  let movesUntil = now();
  const move = (untilMs: number): void => {
    movesUntil = Math.max(movesUntil, untilMs);
  };
  return {
    watch: (sleeper) => ({
      ...sleeper,
      sleep: (ms: number, signal: AbortSignal) => {
        move(now() + ms);
        return sleeper.sleep(ms, signal);
      },
    }),
    watchRead: (read) =>
      async function* (partition, window, signal) {
        move(now());
        for await (const batch of read(partition, window, signal)) {
          move(now());
          yield batch;
        }
      },
    stillMs: () => Math.max(0, now() - movesUntil),
  };
}
