import type { CloudflareError } from '../errors.ts';
import { rateLimits, type Target } from './budget.ts';
import { type AnswerHeaders, parseRateLimit, toText } from './retry-after.ts';

/** What must not be asked for, and how long. */
export interface Block {
  readonly target: Target;
  readonly ms: number;
}

/** The user's limit is exceeded, whatever was asked for. */
const USER_CODES: readonly number[] = [10_100, 10_429];

/**
 * What an answer says about the requests after it. One that refuses with 429 without saying how long, but comes from the API itself and not from
 * something before it, means what Cloudflare documents: five minutes for everything, for Logpull the minute of its limit.
 */
export function findBlocks(target: Target, headers: AnswerHeaders, error?: CloudflareError): readonly Block[] {
  const exhausted = parseRateLimit(toText(headers.ratelimit), toText(headers['ratelimit-policy']));
  const blocks: readonly Block[] = exhausted === undefined ? [] : [{ target: { kind: 'request' }, ms: exhausted }];
  if (error?.act !== 'wait' || error.status !== 429) return blocks;
  const refused: Target = error.codes.some((code) => USER_CODES.includes(code)) ? { kind: 'request' } : target;
  const { spanMs } = refused.kind === 'request' ? rateLimits.user : rateLimits.logpullZone;
  const ms = error.retryAfterMs ?? (error.codes.length > 0 ? spanMs : undefined);
  return ms === undefined ? blocks : [...blocks, { target: refused, ms }];
}
