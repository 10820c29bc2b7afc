import type { RequestDraw } from './traffic.ts';
import type { Visitor } from './visitors.ts';

/** What happened in one HTTP request; every Logpull field is derived from it. */
export interface LogpullRecord {
  readonly zoneName: string;
  /** All further randomness of the fields: `mix(salt, number of the field)`. */
  readonly salt: number;
  /** When Cloudflare's log service received it, microseconds since the epoch: windows go by it. */
  readonly receivedMicros: number;
  readonly startMicros: number;
  readonly endMicros: number;
  /** The three digits of nanoseconds behind the microseconds of start and end. */
  readonly startNanos: number;
  readonly endNanos: number;
  readonly rayId: string;
  readonly visitor: Visitor;
  readonly request: RequestDraw;
  /** Status to the client. */
  readonly status: number;
  /** Status of the origin; 0 where it was not asked. */
  readonly originStatus: number;
  readonly cacheStatus: string;
  /** Terminating security action, or ''. */
  readonly action: string;
  readonly bodyBytes: number;
  /** Bot score 1 to 99; 0: not computed. */
  readonly botScore: number;
}
