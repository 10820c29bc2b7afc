import { CloudflareError, ElasticsearchError } from '../errors.ts';

/** What had been tried when an error came. */
export interface Attempt {
  /** How often this window was tried before, in this length. */
  readonly tries: number;
  readonly lengthMs: number;
  /** Shortest window that is still asked for. */
  readonly minMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** What follows for the partition. */
export type Decision =
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Ask for half the window. */
  | { readonly kind: 'shorter' }
  /** The window cannot be had: it is recorded as lost. */
  | { readonly kind: 'gap'; readonly reason: string }
  /** Somebody must act; try now and then whether somebody has. */
  | { readonly kind: 'pause' }
  /** This round is over; the next one may succeed. */
  | { readonly kind: 'fail' };

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 1_000;
const DEFAULT_WAIT_MS = 60_000;
const MAX_WAITS = 30;

/** Follows the act of an error: what is not Cloudflare's refusal ends the round. */
export function decide(error: unknown, attempt: Attempt): Decision {
  if (error instanceof ElasticsearchError || !(error instanceof CloudflareError)) return { kind: 'fail' };
  switch (error.act) {
    case 'wait':
      return attempt.tries < MAX_WAITS ? { kind: 'again', afterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS } : { kind: 'fail' };
    case 'retry':
      return retry(error, attempt);
    case 'split':
      return attempt.lengthMs > attempt.minMs ? { kind: 'shorter' } : retry(error, attempt);
    case 'jump':
      return { kind: 'gap', reason: error.message };
    case 'pause':
      return { kind: 'pause' };
    case 'bug':
      return { kind: 'fail' };
  }
}

/** A damaged answer may be too long to arrive whole; an outage is no reason to give anything up. */
function retry(error: CloudflareError, { tries, lengthMs, minMs, random }: Attempt): Decision {
  if (tries + 1 < MAX_TRIES) return { kind: 'again', afterMs: error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** tries * (1 + random) };
  const damaged = error.status !== undefined && error.status < 300;
  if (!damaged) return { kind: 'fail' };
  return lengthMs > minMs ? { kind: 'shorter' } : { kind: 'gap', reason: error.message };
}
