import { type Reply, toEnvelope, toRefusal } from './reply.ts';

const MIN_PER_PAGE = 5;
const MAX_PER_PAGE = 50;
const DEFAULT_PER_PAGE = 20;

/** The page of a list that a query asks for, with `result_info`; 400 for a page size outside of 5 to 50. */
export function toListPage(items: readonly unknown[], query: URLSearchParams): Reply {
  const page = readCount(query.get('page'), 1);
  const perPage = readCount(query.get('per_page'), DEFAULT_PER_PAGE);
  if (page === undefined || page < 1) return refuseField('page');
  if (perPage === undefined || perPage < MIN_PER_PAGE || perPage > MAX_PER_PAGE) return refuseField('per_page');
  const result = items.slice((page - 1) * perPage, page * perPage);
  const resultInfo = { page, per_page: perPage, count: result.length, total_count: items.length, total_pages: Math.ceil(items.length / perPage) };
  return toEnvelope(result, { resultInfo, count: result.length });
}

/** A count in a query: the default where it is absent, undefined where it is none. */
export function readCount(text: string | null, absent: number): number | undefined {
  if (text === null) return absent;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The refusal of a query parameter in the wording that was reported. */
export function refuseField(name: string): Reply {
  return toRefusal(400, 1000, `Invalid format for field: ${name}`);
}
