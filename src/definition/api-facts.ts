import type { Act } from '../errors.ts';

/**
 * What the program knows of Cloudflare's API beside the declarations. `cloudflare` states it and `compile` writes it into the docs; `cli` hands it on,
 * since neither may ask the other.
 */
export interface ApiFacts {
  readonly troubles: readonly Trouble[];
  readonly rateLimits: readonly RateLimitFact[];
  /** What the collector asks for beside the declared sources. */
  readonly calls: readonly ApiCall[];
}

/** A way in which a request can fail, as a person meets it. */
export interface Trouble {
  /** What the program does about it. */
  readonly act: Act;
  /** How it reads in a message, e.g. `403 (10000 Forbidden)`. */
  readonly says: readonly string[];
  /** What to do, as an instruction. */
  readonly hint: string;
}

/** How many requests Cloudflare lets through. */
export interface RateLimitFact {
  /** What is counted together, e.g. `all requests of one user`. */
  readonly counts: string;
  readonly limit: number;
  readonly spanMs: number;
}

/** A request that no data stream is made of. */
export interface ApiCall {
  readonly method: 'GET';
  /** Path below the API's base address, with `{account_id}` or `{zone_id}`. */
  readonly path: string;
  /** What it is for, and when it is sent. */
  readonly purpose: string;
  /** The permission group that a token needs for it; undefined where none is needed. */
  readonly permission?: string;
}
