import { addSeen, isSorted, keepFrom, SECOND, type Seen, secondsOf } from './seen-records.ts';
import type { PageRequest } from './to-call.ts';
import type { CollectedRecord } from './to-record.ts';

/** Where the reading of a window's pages stands. */
export interface PageState extends PageRequest {
  /** Ids already given that a further page may hold again, each with the second of its event. */
  readonly seen: Seen;
  /** A look behind the last second, for records that no page could reach. */
  readonly probing: boolean;
  /** The cursors of the query so far. */
  readonly used?: readonly string[];
}

/** One page that came. */
export interface ReadPage {
  readonly records: readonly CollectedRecord[];
  /** As many records as were asked for: there may be more. */
  readonly full: boolean;
  /** Names the next page, where the answer does. */
  readonly cursor?: string | undefined;
  /** The server did not take the cursor that it gave. */
  readonly refused?: boolean;
}

/**
 * What follows: the next page, the end, or an answer that leaves out records, nobody knows where. `lostMs` is the second, in epoch milliseconds, of which alone
 * no page gives all records: it is over, and the next page lies behind it.
 */
export type NextPage =
  | { readonly kind: 'page'; readonly state: PageState; readonly lostMs?: number }
  | { readonly kind: 'end'; readonly lostMs?: number }
  | { readonly kind: 'capped' };

const END: NextPage = { kind: 'end' };
const CAPPED: NextPage = { kind: 'capped' };

/** Reports say that a query gives no more than 3 pages of 1,000 records and then empty pages. */
const MOST_RECORDS = 3000;

/**
 * Plans the next page. Deep pages fail or come back empty, so it moves `since` to the last record's second, less one because the bound may
 * be exclusive, and counts pages only inside that time. Records come in ascending order; where they do not, it only counts pages.
 */
export function nextPage(state: PageState, page: ReadPage): NextPage {
  const { records, full } = page;
  if (state.probing) return records.length > 0 ? passOver(nextPage({ ...state, probing: false }, page), state.sinceMs - SECOND) : END;
  const fresh = records.some(({ id }) => !state.seen.has(id));
  if (state.number > 1 && !fresh) return toExhausted(state, records.length);
  if (!full) return END;
  const seen = addSeen(state.seen, records);
  const seconds = secondsOf(records);
  const sinceMs = (seconds.at(-1) ?? 0) - SECOND;
  if (isSorted(seconds) && sinceMs > state.sinceMs) {
    return { kind: 'page', state: { ...state, sinceMs, number: 1, seen: keepFrom(seen, sinceMs) } };
  }
  return { kind: 'page', state: { ...state, number: state.number + 1, seen } };
}

/** No page brings more: the window ends here if nothing is left behind the last second seen, nor in it. */
function toExhausted(state: PageState, repeated: number): NextPage {
  const seconds = [...state.seen.values()];
  const last = Math.max(...seconds);
  // Behind a page that came again, or behind the most that a query gives, the last second may hold more.
  const capped = repeated > 0 || seconds.length === MOST_RECORDS;
  if (!isSorted(seconds) || last < 0) return capped || seconds.length > MOST_RECORDS ? CAPPED : END;
  const sinceMs = last + SECOND;
  if (sinceMs >= state.beforeMs) return capped ? { kind: 'end', lostMs: last } : END;
  const behind: PageState = { ...state, sinceMs, number: 1, probing: !capped };
  return capped ? { kind: 'page', state: { ...behind, seen: keepFrom(state.seen, sinceMs) }, lostMs: last } : { kind: 'page', state: behind };
}

/** What follows where a second before has been found not to have given all. */
function passOver(next: NextPage, lostMs: number): NextPage {
  return next.kind === 'capped' || next.lostMs !== undefined ? CAPPED : { ...next, lostMs };
}
