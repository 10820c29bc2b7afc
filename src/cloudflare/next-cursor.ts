import type { NextPage, PageState, ReadPage } from './next-page.ts';
import { addSeen, isSorted, keepFrom, SECOND, type Seen } from './seen-records.ts';

/**
 * Plans the page after one whose answer names the next by a cursor. The window ends where there is no cursor, or no record. A cursor that came before,
 * that the server refuses, or that brings nothing new leads nowhere: then the window is asked for anew from the last record's second on, less one because
 * the bound may be exclusive, so that nothing behind it is left out.
 */
export function nextCursor(state: PageState, page: ReadPage): NextPage {
  const { cursor = '', records, refused = false } = page;
  const { number, used = [] } = state;
  if (!refused && (cursor === '' || records.length === 0)) return { kind: 'end' };
  const fresh = records.some(({ id }) => !state.seen.has(id));
  const seen = addSeen(state.seen, records);
  if (refused || used.includes(cursor) || (number > 1 && !fresh)) return startAnew({ ...state, seen }, { fresh, full: page.full || refused });
  return { kind: 'page', state: { ...state, number: number + 1, cursor, used: [...used, cursor], seen: bound(seen) } };
}

/** A page that comes again is told from a new one by the ids of what came before; of many, only those are kept that a query from the end on may give. */
const MOST_SEEN = 20_000;

function bound(seen: Seen): Seen {
  return seen.size > MOST_SEEN ? keepFrom(seen, toRestart(seen) ?? 0) : seen;
}

function startAnew(state: PageState, { fresh, full }: { readonly fresh: boolean; readonly full: boolean }): NextPage {
  const sinceMs = toRestart(state.seen) ?? state.sinceMs;
  if (!fresh && !full) return { kind: 'end' };
  if (sinceMs <= state.sinceMs) return { kind: full ? 'capped' : 'end' };
  const { cursor: _lost, used: _used, ...rest } = state;
  return { kind: 'page', state: { ...rest, sinceMs, number: 1, seen: keepFrom(state.seen, sinceMs) } };
}

/** Where a query that begins anew has to begin, where records came in order of time. */
function toRestart(seen: Seen): number | undefined {
  const seconds = [...seen.values()].filter((second) => second >= 0);
  const last = seconds.at(-1);
  return last === undefined || !isSorted(seconds) ? undefined : last - SECOND;
}
