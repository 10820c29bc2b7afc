import { addSeen, isSorted, keepFrom, SECOND, type Seen, secondsOf } from './seen-records.ts';
import type { PageRequest, Window } from './to-call.ts';
import type { CollectedRecord } from './to-record.ts';

/** Where the reading of a window's pages stands. */
export interface PageState extends PageRequest {
  /** Ids already given that a further page may hold again, each with the second of its event. */
  readonly seen: Seen;
  /** A look behind the last second, for records that no page could reach. */
  readonly probing: boolean;
  /** An answer has held an event of exactly the start of its query: the bound is inclusive. */
  readonly inclusive: boolean;
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
 * What follows: the next page, the end, or an answer that leaves out records, nobody knows where. `lost` is a second of which alone
 * no page gives all records: it is over, and the next page lies behind it. Where the bound may be exclusive, it is two, since events of exactly the next are left out then.
 */
export type NextPage =
  | { readonly kind: 'page'; readonly state: PageState; readonly lost?: Window }
  | { readonly kind: 'end'; readonly lost?: Window }
  | { readonly kind: 'capped' };

const END: NextPage = { kind: 'end' };
const CAPPED: NextPage = { kind: 'capped' };

/** Reports say that a query gives no more than 3 pages of 1,000 records and then empty pages. */
const MOST_RECORDS = 3000;

/**
 * Plans the next page. Deep pages fail or come back empty, so it moves `since` to the last record's second, less one because the bound may
 * be exclusive, and counts pages only inside that time. Records come in ascending order; where they do not, it only counts pages.
 */
export function nextPage(given: PageState, page: ReadPage): NextPage {
  const { records, full } = page;
  const inclusive = given.inclusive || records.some(({ timeMs }) => timeMs === given.sinceMs);
  const state = { ...given, inclusive };
  if (state.probing) return records.length > 0 ? passOver(nextPage({ ...state, probing: false }, page), toLost(state, state.sinceMs - SECOND)) : END;
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
  const lost = toLost(state, last);
  if (sinceMs >= state.beforeMs) return capped ? { kind: 'end', lost } : END;
  const behind: PageState = { ...state, sinceMs, number: 1, probing: !capped };
  return capped ? { kind: 'page', state: { ...behind, seen: keepFrom(state.seen, sinceMs) }, lost } : { kind: 'page', state: behind };
}

function toLost({ inclusive, beforeMs }: PageState, since: number): Window {
  return { since, before: Math.min(since + (inclusive ? SECOND : 2 * SECOND), beforeMs) };
}

/** What follows where a second before has been found not to have given all. */
function passOver(next: NextPage, lost: Window): NextPage {
  return next.kind === 'capped' || next.lost !== undefined ? CAPPED : { ...next, lost };
}
