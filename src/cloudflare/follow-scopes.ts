import type { Scope } from './find-scopes.ts';

/** An account or zone that is collected. */
export interface FollowedScope extends Scope {
  /** How many lists in a row did not have it. */
  readonly missed: number;
}

/** What a new list changes. */
export interface ScopeChanges {
  /** What is collected from now on. */
  readonly followed: readonly FollowedScope[];
  readonly begun: readonly Scope[];
  /** Not in this list, but still collected: one list may be wrong. */
  readonly missing: readonly Scope[];
  /** Not in two lists in a row, and collected no longer. */
  readonly ended: readonly Scope[];
}

const GIVEN_UP_AFTER = 2;

/** Compares what is collected with what a new list has. */
export function followScopes(known: readonly FollowedScope[], listed: readonly Scope[]): ScopeChanges {
  const there = new Set(listed.map(({ id }) => id));
  const before = new Set(known.map(({ id }) => id));
  const absent = known.filter(({ id }) => !there.has(id)).map((scope) => ({ ...scope, missed: scope.missed + 1 }));
  const missing = absent.filter(({ missed }) => missed < GIVEN_UP_AFTER);
  return {
    followed: [...listed.map((scope) => ({ ...scope, missed: 0 })), ...missing],
    begun: listed.filter(({ id }) => !before.has(id)),
    missing,
    ended: absent.filter(({ missed }) => missed >= GIVEN_UP_AFTER),
  };
}
