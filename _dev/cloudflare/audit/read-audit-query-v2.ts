import { readCount } from '../list-page.ts';
import { type Reply, toJsonReply } from '../reply.ts';
import type { Switches } from '../switches.ts';
import { parseDateOrDateTime, toMicrosCeil } from '../times.ts';
import type { MicrosRange } from './audit-source.ts';
import { type CursorV2, parseCursor, toCursorQuery } from './cursor-v2.ts';

/** What a request for audit events (v2) asks for. */
export interface AuditQueryV2 {
  readonly limit: number;
  readonly direction: 'asc' | 'desc';
  readonly range: MicrosRange;
  readonly cursor: CursorV2 | undefined;
}

const MAX_LIMIT = 1000;
/** Version 2 holds nothing before it was generally available. */
const BEGIN_MICROS = Date.parse('2026-03-10T00:00:00Z') * 1000;

/** Reads size, order, time and cursor of a request, or says what is wrong with it: version 2 refuses without a code. */
export function readAuditQueryV2(
  query: URLSearchParams,
  { nowMs, switches }: { readonly nowMs: number; readonly switches: Switches },
): AuditQueryV2 | { readonly refusal: Reply } {
  const limit = readCount(query.get('limit'), 100);
  const direction = query.get('direction') ?? 'desc';
  const text = query.get('cursor');
  const cursor = text === null ? undefined : parseCursor(text, toCursorQuery(query));
  const [since, before] = [readTime(query, 'since'), readTime(query, 'before')];
  if (typeof since !== 'bigint') return since;
  if (typeof before !== 'bigint') return before;
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT) return refuse('limit must be between 1 and 1000');
  if (direction !== 'asc' && direction !== 'desc') return refuse('direction must be asc or desc');
  if (text !== null && cursor === undefined) return refuse('cursor is invalid');
  const first = switches.sinceInclusive ? toMicrosCeil(since) : toMicrosCeil(since + 1n);
  const last = (switches.beforeInclusive ? toMicrosCeil(before + 1n) : toMicrosCeil(before)) - 1;
  return { limit, direction, cursor, range: { first: Math.max(first, BEGIN_MICROS), last: Math.min(last, nowMs * 1000) } };
}

function readTime(query: URLSearchParams, name: 'since' | 'before'): bigint | { readonly refusal: Reply } {
  const text = query.get(name);
  if (text === null) return refuse(`${name} is required`);
  return parseDateOrDateTime(text) ?? refuse(`${name} is no date or date-time`);
}

function refuse(why: string): { readonly refusal: Reply } {
  return { refusal: toJsonReply({ success: false, errors: [{ message: `bad request: ${why}` }] }, { status: 400 }) };
}
