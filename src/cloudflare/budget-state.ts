/** What is known of one limit by all who share it. Plain data; times in epoch milliseconds. */
export interface BudgetState {
  readonly grants: readonly Grant[];
  /** No request may go before. */
  readonly blockedUntilMs?: number;
  /** When requests timed out, oldest first. */
  readonly timeoutsMs?: readonly number[];
  /** Until then somebody may want turns for a backfill. */
  readonly backfillUntilMs?: number;
}

/** Requests that somebody sends, or has sent. */
export interface Grant {
  /** Who may still send some; absent where all were sent. */
  readonly holder?: string;
  readonly priority: Priority;
  readonly count: number;
  /** None of them is sent later. */
  readonly untilMs: number;
}

/** `backfill` takes what `live` leaves. */
export type Priority = 'live' | 'backfill';

/** One limit. */
export interface RateLimit {
  /** Most requests in any span of `spanMs`. */
  readonly limit: number;
  readonly spanMs: number;
  /** After so many time-outs within an hour, no request may follow. @default no such limit */
  readonly mostTimeouts?: number;
}

/** The same, with how much later than its time a request may count: it travels, and clocks differ. */
export interface Rules extends RateLimit {
  readonly marginMs: number;
}

const HOUR_MS = 3_600_000;
/** A clock gone wrong must not stop anybody for days. */
const LONGEST_BLOCK_MS = 2 * HOUR_MS;
/** Requests are told apart no finer than by this part of the span. */
const PARTS = 60;

/** When the last of what forbids every request ends; 0 where nothing does. */
export function toBlockedUntil({ blockedUntilMs = 0, timeoutsMs = [] }: BudgetState, { mostTimeouts, marginMs }: Rules): number {
  const decisive = mostTimeouts === undefined ? undefined : timeoutsMs.at(-mostTimeouts);
  return Math.max(blockedUntilMs, decisive === undefined ? 0 : decisive + HOUR_MS + marginMs);
}

/**
 * How many requests may be sent now. No span ever holds more than the limit allows. Of each limit a twentieth, at least one, is kept for backfills
 * while there are any, so that they never starve; beyond it they take turns only while a quarter is left for live collection.
 */
export function toFree(state: BudgetState, rules: Rules, { priority, now }: { readonly priority: Priority; readonly now: number }): number {
  if (toBlockedUntil(state, rules) > now) return 0;
  const counted = state.grants.filter((grant) => toRelease(grant, rules) > now);
  const left = rules.limit - sum(counted);
  const kept = Math.min(Math.max(1, Math.floor(rules.limit / 20)), rules.limit - 1);
  const owed = Math.max(0, kept - sum(counted.filter((grant) => grant.priority === 'backfill')));
  if (priority === 'live') return Math.max(0, left - ((state.backfillUntilMs ?? 0) > now ? owed : 0));
  return Math.max(0, Math.min(owed, left), left - Math.floor(rules.limit / 4));
}

/** How long until at least one request may be sent, if nobody else sends any; 0 where one may go now. */
export function toWait(state: BudgetState, rules: Rules, { priority, now }: { readonly priority: Priority; readonly now: number }): number {
  const times = [now, toBlockedUntil(state, rules), state.backfillUntilMs ?? 0, ...state.grants.map((grant) => toRelease(grant, rules))];
  const next = times.filter((time) => time >= now && toFree(state, rules, { priority, now: time }) > 0);
  return next.length === 0 ? rules.spanMs : Math.min(...next) - now;
}

/** The state without what no longer counts, and without what only a wrong clock can have written. */
export function toCurrent(state: BudgetState, rules: Rules, { now, useMs }: { readonly now: number; readonly useMs: number }): BudgetState {
  const latest = now + useMs + rules.marginMs;
  const grants = state.grants.map((grant) => ({ ...grant, untilMs: Math.min(grant.untilMs, latest) })).filter((grant) => toRelease(grant, rules) > now);
  const timeoutsMs = (state.timeoutsMs ?? []).map((time) => Math.min(time, now)).filter((time) => time + HOUR_MS + rules.marginMs > now);
  const blockedUntilMs = Math.min(state.blockedUntilMs ?? 0, now + LONGEST_BLOCK_MS);
  const backfillUntilMs = Math.min(state.backfillUntilMs ?? 0, now + rules.spanMs);
  return {
    grants: merge(grants, rules),
    ...(blockedUntilMs > now ? { blockedUntilMs } : {}),
    ...(timeoutsMs.length > 0 ? { timeoutsMs } : {}),
    ...(backfillUntilMs > now ? { backfillUntilMs } : {}),
  };
}

/** Grants of which nothing is left to send become one where they were sent at nearly the same time. */
function merge(grants: readonly Grant[], { spanMs }: Rules): readonly Grant[] {
  const open = grants.filter(({ holder }) => holder !== undefined);
  const sent = new Map<string, Grant>();
  for (const grant of grants.filter(({ holder }) => holder === undefined)) {
    const place = `${grant.priority} ${Math.ceil(grant.untilMs / (spanMs / PARTS))}`;
    const other = sent.get(place);
    sent.set(place, other === undefined ? grant : { ...grant, count: grant.count + other.count, untilMs: Math.max(grant.untilMs, other.untilMs) });
  }
  return [...sent.values(), ...open];
}

/** From then on a span that begins no longer holds any of them. */
function toRelease({ untilMs }: Grant, { spanMs, marginMs }: Rules): number {
  return untilMs + spanMs + marginMs;
}

function sum(grants: readonly Grant[]): number {
  return grants.reduce((total, { count }) => total + count, 0);
}
