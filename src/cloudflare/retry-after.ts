/** Headers of an answer by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** No wait that Cloudflare documents is longer than an hour; a header cannot stop a connection for days. */
const MAX_WAIT_MS = 2 * 3_600_000;

/**
 * How long Cloudflare asks to wait, in milliseconds: `Retry-After` in seconds or as HTTP date, else the time until `Ratelimit` is
 * reset where nothing remains of it. At most two hours; undefined where the answer asks for no wait.
 */
export function parseRetryAfter(headers: AnswerHeaders, now: number): number | undefined {
  return parseHeader(toText(headers['retry-after']), now) ?? parseRateLimit(toText(headers.ratelimit));
}

/** Of a quota, this part is left to others. */
const LOW = 0.05;

/**
 * Time until an exhausted `Ratelimit` is reset, in milliseconds; undefined while something remains. With the `Ratelimit-Policy` beside it, a limit
 * of which less than a twentieth remains counts as exhausted: requests of others are under way.
 * Format: https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export function parseRateLimit(header: string, policies = ''): number | undefined {
  const quotas = new Map(splitItems(policies).map((item) => [toName(item), toNumber(item, 'q') ?? 0]));
  const waits = splitItems(header)
    .filter((item) => isExhausted(toNumber(item, 'r'), quotas.get(toName(item)) ?? 0))
    .map((item) => toNumber(item, 't'))
    .filter((seconds) => seconds !== undefined);
  return waits.length === 0 ? undefined : bound(Math.max(...waits) * 1000);
}

function isExhausted(remaining: number | undefined, quota: number): boolean {
  return remaining !== undefined && (remaining === 0 || remaining < quota * LOW);
}

function splitItems(header: string): readonly string[] {
  return header.split(',').map((item) => item.trim());
}

function toName(item: string): string {
  return item.split(';')[0] ?? '';
}

function toNumber(item: string, parameter: 'q' | 'r' | 't'): number | undefined {
  const digits = new RegExp(`;\\s*${parameter}=(\\d+)`).exec(item)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parseHeader(header: string, now: number): number | undefined {
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return bound(Number(text) * 1000);
  // A date of HTTP begins with the name of a day; Date.parse would take much else.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : bound(date - now);
}

function bound(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), 0), MAX_WAIT_MS);
}

/** One header's value; several are joined as HTTP allows, none is empty. */
export function toText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}
