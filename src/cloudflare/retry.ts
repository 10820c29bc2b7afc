import { CloudflareError } from '../errors.ts';
import { pause, type Timing } from './timing.ts';

/** How often and how patiently a request is sent again. */
export interface RetryOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** Attempts in all. @default 4 */
  readonly attempts?: number;
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** A longer wait is the scheduler's: the error goes out and says how long. */
const LONGEST_ASKED_MS = 60_000;

/**
 * Runs an attempt until it succeeds, fails for good, or has failed `attempts` times; waits between attempts twice as long each time,
 * less up to a quarter, or as long as Cloudflare asks.
 * @throws CloudflareError the last attempt's, at once where Cloudflare asks for a wait of more than a minute
 * @throws InterruptedError when the signal fires while waiting
 */
export async function retry<Result>(attempt: () => Promise<Result>, { timing, signal, attempts = ATTEMPTS }: RetryOptions): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayRetry(error) || tried >= attempts || (error.retryAfterMs ?? 0) > LONGEST_ASKED_MS) throw error;
      await pause(toWait(error, tried, timing), signal, timing);
    }
  }
}

/** A window that is asked for too soon is 400 and `wait`: the same request again would not help. */
function mayRetry(error: unknown): error is CloudflareError {
  return error instanceof CloudflareError && (error.act === 'retry' || (error.act === 'wait' && error.status === 429));
}

function toWait({ retryAfterMs }: CloudflareError, tried: number, timing: Timing): number {
  const backOff = Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), LONGEST_WAIT_MS);
  const jitter = backOff * 0.25 * timing.random();
  // What Cloudflare asks for is a minimum, so there chance only adds.
  return retryAfterMs === undefined ? backOff - jitter : retryAfterMs + jitter;
}
