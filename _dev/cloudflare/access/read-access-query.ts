import type { AuditQuery } from '../audit/read-audit-query.ts';
import { readCount } from '../list-page.ts';
import { type Reply, toErrorReply } from '../reply.ts';
import type { Switches } from '../switches.ts';
import { parseDateTime, toMicrosCeil } from '../times.ts';

/** The only page sizes that are taken. */
const SIZES: ReadonlySet<number> = new Set([1, 5, 10, 20, 25, 50, 100, 1000]);
const DEFAULT_SIZE = 25;

interface AccessSurroundings {
  readonly nowMs: number;
  readonly switches: Switches;
  readonly retentionMs: number;
}

/** Reads page, order and time of a request for Zero Trust logins, or refuses one of its parameters. */
export function readAccessQuery(query: URLSearchParams, { nowMs, switches, retentionMs }: AccessSurroundings): AuditQuery | { readonly refusal: Reply } {
  const sizes = [query.get('limit'), query.get('per_page')].map((text) => readCount(text, DEFAULT_SIZE));
  const [limit, perPage] = sizes;
  const page = readCount(query.get('page'), 1);
  const direction = query.get('direction') ?? 'desc';
  const [since, until] = [readTime(query.get('since')), readTime(query.get('until'))];
  const isKnown = direction === 'asc' || direction === 'desc';
  if (page === undefined || page < 1 || limit === undefined || perPage === undefined || !isKnown || since === 'none' || until === 'none') return REFUSED;
  if (![limit, perPage].every((size) => SIZES.has(size))) return REFUSED;
  const oldest = (nowMs - retentionMs) * 1000;
  const last = nowMs * 1000;
  return {
    page,
    perPage: switches.accessPageSize === 'limit' ? limit : perPage,
    direction,
    range: {
      first: Math.max(oldest, since === undefined ? oldest : toMicrosCeil(switches.sinceInclusive ? since : since + 1n)),
      last: Math.min(last, until === undefined ? last : toMicrosCeil(switches.beforeInclusive ? until + 1n : until) - 1),
    },
  };
}

const REFUSED = { refusal: toErrorReply('13') } as const;

function readTime(text: string | null): bigint | 'none' | undefined {
  return text === null ? undefined : (parseDateTime(text) ?? 'none');
}
