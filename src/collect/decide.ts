import { CloudflareError } from '../errors.ts';

/** What had been tried when an error came. */
export interface Attempt {
  /** How often this window failed before, in this length. */
  readonly tries: number;
  /** How often Cloudflare asked to wait before, for this window. */
  readonly waits: number;
  readonly lengthMs: number;
  /** Shortest window that is still asked for. */
  readonly minMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** What follows for the partition. */
export type Decision =
  /** Ask again for the same; `counts` as a failure or as waiting. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly counts: 'tries' | 'waits' }
  /** Ask for half the window; windows grow again, each time at the earliest after `growAfterMs`. */
  | { readonly kind: 'shorter'; readonly growAfterMs: number }
  /** The window cannot be had: it is recorded as lost. */
  | { readonly kind: 'gap'; readonly reason: string }
  /** Cloudflare no longer keeps the window, at least not its first `byMs`. */
  | { readonly kind: 'jump'; readonly reason: string; readonly byMs: number }
  /** Somebody must act; try now and then whether somebody has. */
  | { readonly kind: 'pause' }
  /** This round is over; the next one may succeed. */
  | { readonly kind: 'fail' };

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 1_000;
const DEFAULT_WAIT_MS = 60_000;
const MAX_WAITS = 30;
const GROW_AFTER_TIMEOUT_MS = 30 * 60_000;
/** Where Cloudflare keeps less than is declared, how much is given up at once. */
const JUMP_MS = 3_600_000;

/** Follows the act of an error: what is not Cloudflare's refusal ends the round. */
export function decide(error: unknown, attempt: Attempt): Decision {
  if (!(error instanceof CloudflareError)) return { kind: 'fail' };
  switch (error.act) {
    case 'wait':
      if (attempt.waits >= MAX_WAITS) return { kind: 'fail' };
      return { kind: 'again', counts: 'waits', afterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
    case 'retry':
      return retry(error, attempt);
    case 'split':
      return attempt.lengthMs > attempt.minMs ? toShorter(error) : retry(error, attempt);
    case 'jump':
      return { kind: 'jump', reason: error.message, byMs: JUMP_MS };
    case 'pause':
      return { kind: 'pause' };
    case 'bug':
      return { kind: 'fail' };
  }
}

/** A damaged answer may be too long to arrive whole; an outage is no reason to give anything up. */
function retry(error: CloudflareError, { tries, lengthMs, minMs, random }: Attempt): Decision {
  if (tries + 1 < MAX_TRIES) return { kind: 'again', counts: 'tries', afterMs: error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** tries * (1 + random) };
  if (!isDamaged(error)) return { kind: 'fail' };
  return lengthMs > minMs ? toShorter(error) : { kind: 'gap', reason: error.message };
}

/** Cloudflare is there, but this answer cannot be had. */
function isDamaged({ act, status, timedOut }: CloudflareError): boolean {
  return status !== undefined && (status < 300 || (act === 'split' && timedOut));
}

/** Few time-outs an hour are allowed, so there longer windows are tried seldom. */
function toShorter({ timedOut }: CloudflareError): Decision {
  return { kind: 'shorter', growAfterMs: timedOut ? GROW_AFTER_TIMEOUT_MS : 0 };
}
