import type { WindowDefinition } from '../definition/definition.ts';
import type { Window } from './ports.ts';

/** What is known when the next window is cut; times in epoch milliseconds. */
export interface WindowState {
  readonly now: number;
  /** Everything before is settled; undefined before the first window. */
  readonly until: number | undefined;
  readonly initialIntervalMs: number;
  /** Nothing before is asked for. */
  readonly floor?: number | undefined;
  /** Longest window for now; a source that could not answer gets shorter ones. @default the declared length */
  readonly maxMs?: number;
}

/** How a source is cut into windows, where it is not to be read up to now. */
export interface BoundedWindow extends WindowDefinition {
  /** Nothing is asked for from this time on, in epoch milliseconds. */
  readonly endsMs?: number;
}

/** What to do next. */
export type NextWindow =
  /** `read` is what to ask for: it reaches back behind `settles` where the source adds late events. `newest`: nothing lies behind it yet. */
  | { readonly kind: 'window'; readonly settles: Window; readonly read: Window; readonly newest: boolean }
  /** Cloudflare has already dropped this stretch. */
  | { readonly kind: 'gap'; readonly lost: Window }
  /** Nothing to read before that time. */
  | { readonly kind: 'wait'; readonly until: number }
  /** The clock is, or was, wrong: waiting until it gets there would leave out what happens meanwhile. */
  | { readonly kind: 'ahead'; readonly byMs: number };

const SECOND_MS = 1_000;
/** What is dropped while a request is under way must not be asked for. */
const RETENTION_MARGIN_MS = 60_000;
/** How far clocks are set back in good health. */
const MOST_AHEAD_MS = 300_000;

function toSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}

/** The time from which on Cloudflare may not know every event yet, in epoch milliseconds. */
export function toNewest({ lagMs }: WindowDefinition, now: number): number {
  return toSecond(now - lagMs);
}

/** The earliest time that may still be asked for, in epoch milliseconds. */
export function toOldest({ retentionMs, beginsMs = 0 }: WindowDefinition, now: number): number {
  return Math.max(toSecond(now - retentionMs + RETENTION_MARGIN_MS), beginsMs);
}

/**
 * The next window of a partition: half-open, in whole seconds, never longer than declared, never younger than the declared lag, never older than
 * what Cloudflare keeps. A first window that would reach behind the retention is shortened: nothing is lost that was never promised.
 */
export function nextWindow(definition: BoundedWindow, state: WindowState): NextWindow {
  const { now, until } = state;
  const newest = Math.min(toNewest(definition, now), definition.endsMs ?? Number.POSITIVE_INFINITY);
  const oldest = toOldest(definition, now);
  if (until !== undefined && until - now > MOST_AHEAD_MS) return { kind: 'ahead', byMs: until - now };
  if (until !== undefined && until < Math.min(oldest, newest)) return { kind: 'gap', lost: { since: until, before: Math.min(oldest, newest) } };
  // An initial interval shorter than the lag begins with a second, so that there is a checkpoint to go on from.
  const since = until ?? Math.max(Math.min(toSecond(now - state.initialIntervalMs), newest - SECOND_MS), oldest);
  if (newest <= since) return { kind: 'wait', until: since + definition.lagMs + SECOND_MS };
  const settles = { since, before: Math.min(newest, since + Math.min(state.maxMs ?? definition.maxMs, definition.maxMs)) };
  const back = until === undefined ? 0 : definition.overlapMs;
  const read = { since: Math.max(since - back, Math.min(since, state.floor ?? oldest), oldest), before: settles.before };
  return { kind: 'window', settles, read, newest: settles.before === newest };
}
