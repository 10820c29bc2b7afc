import { readCount, refuseField } from '../list-page.ts';
import { type Reply, toErrorReply } from '../reply.ts';
import type { Switches } from '../switches.ts';
import { parseDateOrDateTime, toMicrosCeil } from '../times.ts';
import type { MicrosRange } from './audit-source.ts';

/** What a request for audit events asks for. */
export interface AuditQuery {
  readonly page: number;
  readonly perPage: number;
  readonly direction: 'asc' | 'desc';
  readonly range: MicrosRange;
}

const MAX_PER_PAGE = 1000;
const RETENTION_MONTHS = 18;

/** Reads page, order and time of a request, or says what Cloudflare refuses about it. Without `since` the answer reaches back as far as events are kept. */
export function readAuditQuery(
  query: URLSearchParams,
  { nowMs, switches }: { readonly nowMs: number; readonly switches: Switches },
): AuditQuery | { readonly refusal: Reply } {
  const page = readCount(query.get('page'), 1);
  const perPage = readCount(query.get('per_page'), 100);
  const direction = query.get('direction') ?? 'desc';
  if (page === undefined || page < 1) return { refusal: refuseField('page') };
  if (perPage === undefined || perPage < 1 || perPage > MAX_PER_PAGE) return { refusal: refuseField('per_page') };
  if (direction !== 'asc' && direction !== 'desc') return { refusal: refuseField('direction') };
  const oldestMicros = subtractMonths(nowMs, RETENTION_MONTHS) * 1000;
  const since = readTime(query, 'since', oldestMicros);
  const before = readTime(query, 'before', oldestMicros);
  if (typeof since === 'object') return since;
  if (typeof before === 'object') return before;
  return { page, perPage, direction, range: { first: toFirst(since, oldestMicros, switches), last: toLast(before, nowMs * 1000, switches) } };
}

function readTime(query: URLSearchParams, name: 'since' | 'before', oldestMicros: number): bigint | undefined | { readonly refusal: Reply } {
  const text = query.get(name);
  if (text === null) return undefined;
  const nanos = parseDateOrDateTime(text);
  if (nanos === undefined) return { refusal: refuseField(name) };
  return toMicrosCeil(nanos) < oldestMicros ? { refusal: toErrorReply('18', { replace: { 'field: since': `field: ${name}` } }) } : nanos;
}

function toFirst(nanos: bigint | undefined, oldestMicros: number, { sinceInclusive }: Switches): number {
  if (nanos === undefined) return oldestMicros;
  return sinceInclusive ? toMicrosCeil(nanos) : toMicrosCeil(nanos + 1n);
}

function toLast(nanos: bigint | undefined, nowMicros: number, { beforeInclusive }: Switches): number {
  if (nanos === undefined) return nowMicros;
  return Math.min(nowMicros, (beforeInclusive ? toMicrosCeil(nanos + 1n) : toMicrosCeil(nanos)) - 1);
}

function subtractMonths(ms: number, months: number): number {
  const date = new Date(ms);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.getTime();
}
