import { CloudflareError, IntegrationError } from '../errors.ts';
import { Meter } from './budget-meter.ts';
import type { Priority, RateLimit } from './budget-state.ts';
import { type BudgetStore, createMemoryStore } from './budget-store.ts';
import { errorHints } from './error-hints.ts';
import { pause, type Timing } from './timing.ts';

/** What a request counts against: every request against the user, Logpull against its zone too. */
export type Turn = Target & {
  /** @default live */
  readonly priority?: Priority;
};

/** What a limit is about. */
export type Target = { readonly kind: 'request' } | { readonly kind: 'logpull'; readonly zoneId: string };

/**
 * Waits until a request may be sent, and counts it.
 * @throws CloudflareError of act `wait` where that would take longer than the budget waits. InterruptedError when the signal fires while waiting
 */
export type TakeTurn = (turn: Turn, signal: AbortSignal) => Promise<void>;

/** The requests that Cloudflare allows one user. */
export interface Budget {
  readonly takeTurn: TakeTurn;
  /** Lets no request of this kind go before that time has passed: of one zone for Logpull, else none at all. */
  readonly block: (target: Target, ms: number) => void;
  /** Counts a Logpull request that timed out: after eight within an hour, the zone is not asked until the first of them is an hour old. */
  readonly addTimeout: (target: Target) => void;
  /** How many requests may be sent at once now, over all kinds. */
  readonly left: () => number;
  /** Gives back what was reserved. */
  readonly close: () => Promise<void>;
}

/** Limits of https://developers.cloudflare.com/fundamentals/api/reference/limits/ and of Logpull, where the thirteenth time-out within an hour blocks. */
export const rateLimits = {
  user: { limit: 1200, spanMs: 300_000 },
  logpullUser: { limit: 180, spanMs: 60_000 },
  logpullZone: { limit: 15, spanMs: 60_000, mostTimeouts: 8 },
} as const;

/** Which part of a user's requests is taken; the dashboard and other programs of the same user need the rest. */
export const DEFAULT_SHARE = 0.5;

/** What a budget is opened with. */
export interface BudgetOptions {
  readonly timing: Timing;
  /** Part of the user's requests that is taken, above 0 and up to 1. @default DEFAULT_SHARE */
  readonly share?: number;
  /** Where others see what is taken. @default this process alone */
  readonly store?: BudgetStore;
  /** Name of the budget there: all who use it share it. */
  readonly name?: string;
  /** Names this process there. */
  readonly holder?: string;
  /** A longer wait is an error that says how long. @default none */
  readonly longestWaitMs?: number;
}

/**
 * The limits with the share that is taken. Nobody but collectors reads Logpull, so it is taken whole; only shares below the default, as several collectors
 * without a common store take, divide it too.
 */
export function toLimits(share: number): { readonly user: RateLimit; readonly logpullUser: RateLimit; readonly logpullZone: RateLimit } {
  const part = ({ limit, spanMs }: RateLimit, of: number): RateLimit => ({ limit: Math.max(1, Math.floor(limit * of)), spanMs });
  return { ...rateLimits, user: part(rateLimits.user, share), logpullUser: part(rateLimits.logpullUser, Math.min(1, share / DEFAULT_SHARE)) };
}

/** Opens a budget; with a store that is shared, it is one budget for all who open it under that name. */
export function createBudget(options: BudgetOptions): Budget {
  const { timing, share = DEFAULT_SHARE, store = createMemoryStore(), name = '', holder = '', longestWaitMs = Number.POSITIVE_INFINITY } = options;
  const limits = toLimits(share);
  const open = (part: string, rate: RateLimit): Meter => new Meter({ name: `${name}/${part}`, rate, store, timing, holder });
  const user = open('user', limits.user);
  const logpull = open('logpull', limits.logpullUser);
  const zones = new Map<string, Meter>();
  const zoneMeter = (zoneId: string): Meter => {
    const meter = zones.get(zoneId) ?? open(`zone ${zoneId}`, limits.logpullZone);
    zones.set(zoneId, meter);
    return meter;
  };
  const meterOf = (target: Target): Meter => (target.kind === 'request' ? user : zoneMeter(target.zoneId));
  return {
    takeTurn: async ({ priority = 'live', ...target }, signal) => {
      // The narrowest first: what is reserved while another has to be waited for is lost.
      const meters = target.kind === 'request' ? [user] : [zoneMeter(target.zoneId), logpull, user];
      const reserve = createReserve(priority);
      for (let lacking = findLacking(meters, priority); lacking !== undefined; lacking = findLacking(meters, priority)) {
        const waitMs = await reserve(lacking);
        if (waitMs > longestWaitMs) throw toTooLong(target, waitMs);
        // Those who wait for the same moment must not all ask at once.
        await pause(waitMs + timing.random() * Math.min(waitMs / 10, 5_000), signal, timing);
      }
      for (const meter of meters) meter.use(priority);
    },
    block: (target, ms) => meterOf(target).block(timing.now() + ms),
    addTimeout: (target) => (target.kind === 'logpull' ? zoneMeter(target.zoneId).addTimeout() : undefined),
    left: () => user.left(),
    close: async () => {
      await Promise.all([...zones.values(), logpull, user].map((meter) => meter.close()));
    },
  };
}

function findLacking(meters: readonly Meter[], priority: Priority): Meter | undefined {
  return meters.find((meter) => !meter.holds(priority));
}

const MOST_FAILURES = 6;

/** Reserves, bearing for half a minute that the store does not answer. */
function createReserve(priority: Priority): (meter: Meter) => Promise<number> {
  let failures = 0;
  return async (meter) => {
    try {
      return await meter.reserve(priority);
    } catch (error) {
      failures += 1;
      if (!(error instanceof IntegrationError) || !error.retryable || failures >= MOST_FAILURES) throw error;
      return 500 * 2 ** failures;
    }
  };
}

function toTooLong(target: Target, waitMs: number): CloudflareError {
  const of = target.kind === 'logpull' ? `Logpull requests for zone ${target.zoneId}` : 'requests';
  return new CloudflareError(`no ${of} may be sent for ${Math.ceil(waitMs / 1000)} s: the rate limit is used up, or Cloudflare asked to wait`, {
    act: 'wait',
    hint: errorHints.limit,
    retryAfterMs: waitMs,
  });
}
