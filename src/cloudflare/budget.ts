import { pause, type Timing } from './timing.ts';

/** What a request counts against: every request against the user, Logpull against its zone too. */
export type Turn = { readonly kind: 'request' } | { readonly kind: 'logpull'; readonly zoneId: string };

/** Waits until a request may be sent, and counts it. */
export type TakeTurn = (turn: Turn, signal: AbortSignal) => Promise<void>;

/** The requests that Cloudflare allows one connection. */
export interface Budget {
  /** @throws InterruptedError when the signal fires while waiting */
  readonly takeTurn: TakeTurn;
  /** Lets no request of this kind go before that time has passed: of one zone for Logpull, else none at all. */
  readonly block: (turn: Turn, ms: number) => void;
  /** How many requests may be sent at once now, over all kinds. */
  readonly left: () => number;
}

/** At most `limit` requests in any span of `spanMs`. */
export interface RateLimit {
  readonly limit: number;
  readonly spanMs: number;
}

/** Limits of https://developers.cloudflare.com/fundamentals/api/reference/limits/ and of Logpull. */
export const rateLimits = {
  user: { limit: 1200, spanMs: 300_000 },
  logpullUser: { limit: 180, spanMs: 60_000 },
  logpullZone: { limit: 15, spanMs: 60_000 },
} as const;

/** Requests do not arrive with the spacing they were sent with. */
const MARGIN_MS = 1_000;

/** When the requests of one limit were sent, oldest first, and until when none may follow. */
interface Meter {
  readonly rate: RateLimit;
  sent: number[];
  blockedUntil: number;
}

/** How long a request has to wait so that no span of the limit holds more than it allows; 0 where it may go now. */
export function waitFor(rate: RateLimit, sent: readonly number[], now: number): number {
  const decisive = sent[sent.length - rate.limit];
  return decisive === undefined ? 0 : Math.max(0, decisive + rate.spanMs + MARGIN_MS - now);
}

/**
 * A budget in this process. `share` is the part of the user's 1,200 requests in five minutes that is taken: the dashboard and other
 * programs of the same user need the rest.
 * @default share 0.5
 */
export function createBudget(timing: Timing, share = 0.5): Budget {
  const user = createMeter({ ...rateLimits.user, limit: Math.max(1, Math.floor(rateLimits.user.limit * share)) });
  const logpull = createMeter(rateLimits.logpullUser);
  const zones = new Map<string, Meter>();
  const zoneMeter = (zoneId: string): Meter => {
    const meter = zones.get(zoneId) ?? createMeter(rateLimits.logpullZone);
    zones.set(zoneId, meter);
    return meter;
  };
  const metersOf = (turn: Turn): readonly Meter[] => (turn.kind === 'request' ? [user] : [user, logpull, zoneMeter(turn.zoneId)]);
  return {
    takeTurn: async (turn, signal) => {
      const meters = metersOf(turn);
      for (let wait = longestWait(meters, timing.now()); wait > 0; wait = longestWait(meters, timing.now())) await pause(wait, signal, timing);
      for (const meter of meters) count(meter, timing.now());
    },
    block: (turn, ms) => {
      const meter = turn.kind === 'request' ? user : zoneMeter(turn.zoneId);
      meter.blockedUntil = Math.max(meter.blockedUntil, timing.now() + ms);
    },
    left: () => left(user, timing.now()),
  };
}

function createMeter(rate: RateLimit): Meter {
  return { rate, sent: [], blockedUntil: 0 };
}

function longestWait(meters: readonly Meter[], now: number): number {
  return Math.max(...meters.map(({ rate, sent, blockedUntil }) => Math.max(waitFor(rate, sent, now), blockedUntil - now)));
}

function count(meter: Meter, now: number): void {
  meter.sent.push(now);
  // Only the last `limit` ever decide.
  if (meter.sent.length > 2 * meter.rate.limit) meter.sent = meter.sent.slice(-meter.rate.limit);
}

function left({ rate, sent, blockedUntil }: Meter, now: number): number {
  if (blockedUntil > now) return 0;
  return rate.limit - sent.slice(-rate.limit).filter((time) => time + rate.spanMs + MARGIN_MS > now).length;
}
