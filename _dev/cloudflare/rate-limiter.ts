import type { SimulatedClock } from './clock.ts';
import type { Identity } from './credentials.ts';
import type { Limits } from './limits.ts';
import { type Reply, toErrorReply } from './reply.ts';

/** What the rate limits say to one request. */
export interface RateVerdict {
  /** `Ratelimit` and `Ratelimit-Policy` of the answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
  /** The 429, where the request is too much. */
  readonly refusal?: Reply;
}

/** Counts requests against the limits. */
export interface RateLimiter {
  readonly check: (request: { readonly identity: Identity; readonly acrossTokens: boolean; readonly logpullZone?: string | undefined }) => RateVerdict;
  /** A Logpull answer that timed out. */
  readonly addTimeout: (identity: Identity) => void;
}

interface Count {
  startMs: number;
  used: number;
  blockedUntilMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A rate limiter whose windows start with their first request. */
export function createRateLimiter(limits: Limits, clock: SimulatedClock): RateLimiter {
  const counts = new Map<string, Count>();
  const timeouts = new Map<string, readonly number[]>();
  const checkLogpull = (key: string, zone: string): number => {
    const now = clock.now();
    const recent = (timeouts.get(key) ?? []).filter((at) => at > now - HOUR_MS);
    const last = recent.at(-1);
    if (last !== undefined && recent.length > limits.logpullTimeouts) return last + HOUR_MS - now;
    const over = [
      { counted: count(counts, `zone ${zone}`, { now, windowMs: MINUTE_MS }), limit: limits.logpullPerZone },
      { counted: count(counts, `logpull ${key}`, { now, windowMs: MINUTE_MS }), limit: limits.logpullPerUser },
    ].filter(({ counted, limit }) => counted.used > limit);
    return Math.max(0, ...over.map(({ counted }) => counted.startMs + MINUTE_MS - now));
  };
  return {
    check: ({ acrossTokens, identity, logpullZone }) => {
      const verdict = checkUser(counts, acrossTokens ? toUserKey(identity) : identity.id, { limits, now: clock.now() });
      if (verdict.refusal || logpullZone === undefined) return verdict;
      const waitMs = checkLogpull(toUserKey(identity), logpullZone);
      return waitMs > 0 ? { ...verdict, refusal: toTooMany(waitMs) } : verdict;
    },
    addTimeout: (identity) => {
      const key = toUserKey(identity);
      timeouts.set(key, [...(timeouts.get(key) ?? []).slice(-100), clock.now()]);
    },
  };
}

function checkUser(counts: Map<string, Count>, key: string, { limits, now }: { readonly limits: Limits; readonly now: number }): RateVerdict {
  const blockedMs = (counts.get(key)?.blockedUntilMs ?? 0) - now;
  if (blockedMs > 0) return refuse(limits, blockedMs);
  const current = count(counts, key, { now, windowMs: limits.windowMs });
  if (current.used <= limits.requests) return { headers: toHeaders(limits, limits.requests - current.used, current.startMs + limits.windowMs - now) };
  counts.set(key, { startMs: now - limits.windowMs, used: 0, blockedUntilMs: now + limits.blockMs });
  return refuse(limits, limits.blockMs);
}

/** Counts a request in the window that runs, or in a new one. */
function count(counts: Map<string, Count>, key: string, { now, windowMs }: { readonly now: number; readonly windowMs: number }): Count {
  const known = counts.get(key);
  const current = known && now >= known.startMs && now < known.startMs + windowMs ? known : { startMs: now, used: 0, blockedUntilMs: 0 };
  current.used += 1;
  counts.set(key, current);
  return current;
}

function toUserKey(identity: Identity): string {
  return identity.user?.id ?? identity.id;
}

function refuse(limits: Limits, waitMs: number): RateVerdict {
  return { headers: toHeaders(limits, 0, waitMs), refusal: toTooMany(waitMs) };
}

function toTooMany(waitMs: number): Reply {
  return { ...toErrorReply('11'), headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } };
}

function toHeaders({ requests, windowMs }: Limits, remaining: number, resetMs: number): Record<string, string> {
  if (!Number.isFinite(requests)) return {};
  return { ratelimit: `"default";r=${remaining};t=${Math.ceil(resetMs / 1000)}`, 'ratelimit-policy': `"default";q=${requests};w=${windowMs / 1000}` };
}
