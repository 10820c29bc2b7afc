import { setTimeout as sleepFor } from 'node:timers/promises';
import { InterruptedError } from '../errors.ts';

/** Time and chance, as arguments. */
export interface Timing {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Resolves after that time; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** The machine's own time. */
export const systemTiming: Timing = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
};

/**
 * Sleeps, unless something asks the program to stop.
 * @throws InterruptedError when the signal fires, or has fired
 */
export async function pause(ms: number, signal: AbortSignal, timing: Timing): Promise<void> {
  checkSignal(signal, 'waiting for Cloudflare');
  if (ms <= 0) return;
  try {
    await timing.sleep(ms, signal);
  } catch (error) {
    checkSignal(signal, 'waiting for Cloudflare');
    throw error;
  }
}

/** @throws InterruptedError when the signal has fired */
export function checkSignal(signal: AbortSignal, what: string): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof InterruptedError) throw signal.reason;
  throw new InterruptedError(`${what}: interrupted`, { hint: 'Run the same command again: it resumes where it stopped.' });
}
