import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './back-off.ts';

/** The machine's own clock and chance. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  random: () => Math.random(),
};
