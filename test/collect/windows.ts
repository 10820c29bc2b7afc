import type { WindowDefinition } from '../../src/definition/definition.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A source that adds late events, as audit logs do. */
export const mutable: WindowDefinition = {
  since: 'since',
  before: 'before',
  inclusive: 'both',
  maxMs: DAY,
  retentionMs: 500 * DAY,
  lagMs: MINUTE,
  overlapMs: 5 * MINUTE,
};

/** A source whose windows never change, as Logpull's. */
export const immutable: WindowDefinition = {
  since: 'start',
  before: 'end',
  inclusive: 'since',
  maxMs: HOUR,
  retentionMs: 7 * DAY,
  lagMs: 5 * MINUTE,
  overlapMs: 0,
};

/** Noon of a day, in epoch milliseconds. */
export const NOON = Date.UTC(2026, 0, 15, 12);
