/** Cloudflare's rate limits, measured on the simulated clock. */
export interface Limits {
  /** Requests of one user (or account-owned token) in a window; the one above blocks every call for `blockMs`. @default 1200 */
  readonly requests: number;
  /** @default 300_000 */
  readonly windowMs: number;
  /** @default 300_000 */
  readonly blockMs: number;
  /** Logpull requests a minute for one zone. @default 15 */
  readonly logpullPerZone: number;
  /** Logpull requests a minute of one user. @default 180 */
  readonly logpullPerUser: number;
  /** Logpull time-outs in an hour after which Logpull is blocked for an hour. @default 12 */
  readonly logpullTimeouts: number;
}

/** The documented limits. */
export const DOCUMENTED_LIMITS: Limits = {
  requests: 1200,
  windowMs: 300_000,
  blockMs: 300_000,
  logpullPerZone: 15,
  logpullPerUser: 180,
  logpullTimeouts: 12,
};

/** The documented limits with some replaced; no limit at all for `off`. */
export function toLimits(chosen: Partial<Limits> | 'off' = {}): Limits {
  if (chosen !== 'off') return { ...DOCUMENTED_LIMITS, ...chosen };
  return { ...DOCUMENTED_LIMITS, requests: Infinity, logpullPerZone: Infinity, logpullPerUser: Infinity, logpullTimeouts: Infinity };
}
