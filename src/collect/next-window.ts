import type { WindowDefinition } from '../definition/definition.ts';
import type { Window } from './ports.ts';

/** What is known when the next window is cut; times in epoch milliseconds. */
export interface WindowState {
  readonly now: number;
  /** Everything before is settled; undefined before the first window. */
  readonly until: number | undefined;
  readonly initialIntervalMs: number;
  /** Longest window for now; a source that could not answer gets shorter ones. @default the declared length */
  readonly maxMs?: number;
}

/** What to do next. */
export type NextWindow =
  /** `read` is what to ask for: it reaches back behind `settles` where the source adds late events. `newest`: nothing lies behind it yet. */
  | { readonly kind: 'window'; readonly settles: Window; readonly read: Window; readonly newest: boolean }
  /** Cloudflare has already dropped this stretch. */
  | { readonly kind: 'gap'; readonly lost: Window }
  /** Nothing to read before that time. */
  | { readonly kind: 'wait'; readonly until: number };

const SECOND_MS = 1_000;
/** What is dropped while a request is under way must not be asked for. */
const RETENTION_MARGIN_MS = 60_000;

function toSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}

/**
 * The next window of a partition: half-open, in whole seconds, never longer than declared, never younger than the declared lag, never older than
 * what Cloudflare keeps. A first window that would reach behind the retention is shortened: nothing is lost that was never promised.
 */
export function nextWindow(definition: WindowDefinition, { now, until, initialIntervalMs, maxMs = definition.maxMs }: WindowState): NextWindow {
  const newest = toSecond(now - definition.lagMs);
  const oldest = Math.max(toSecond(now - definition.retentionMs + RETENTION_MARGIN_MS), definition.beginsMs ?? 0);
  if (until !== undefined && until < oldest) return { kind: 'gap', lost: { since: until, before: Math.min(oldest, Math.max(newest, until)) } };
  const since = until ?? Math.max(toSecond(now - initialIntervalMs), oldest);
  if (newest <= since) return { kind: 'wait', until: since + definition.lagMs + SECOND_MS };
  const settles = { since, before: Math.min(newest, since + Math.min(maxMs, definition.maxMs)) };
  const back = until === undefined ? 0 : definition.overlapMs;
  return { kind: 'window', settles, read: { since: Math.max(since - back, oldest), before: settles.before }, newest: settles.before === newest };
}
