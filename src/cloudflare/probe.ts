import { readLines } from './read-lines.ts';
import { type Reading, readPages } from './read-pages.ts';
import type { CollectedRecord } from './to-record.ts';

/** Lines are read from a short window: a zone writes many. */
const LINES_MS = 60_000;

/**
 * Reads one record from the end of what a source holds at `request.window.before`; undefined where there is none there.
 * @throws CloudflareError when Cloudflare refuses
 */
export async function probe({ source, request, ...reading }: Reading): Promise<CollectedRecord | undefined> {
  const lines = source.records === 'ndjson';
  const before = Math.floor((request.window.before - source.window.lagMs) / 1000) * 1000;
  const window = { since: before - (lines ? LINES_MS : source.window.maxMs), before };
  const read = lines ? readLines : readPages;
  for await (const [record] of read({ ...reading, source: toSmall(source), request: { ...request, window } })) return record;
  return undefined;
}

/** The source with pages of one record. */
function toSmall(source: Reading['source']): Reading['source'] {
  if (source.page === undefined) return source;
  return { ...source, page: { ...source.page, size: Object.fromEntries(Object.keys(source.page.size).map((key) => [key, 1])) } };
}
