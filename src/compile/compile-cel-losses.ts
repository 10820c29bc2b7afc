import type { SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { toCelSpans } from './compile-cel-window.ts';
import { renderCelString } from './render-cel-string.ts';

/** How often the shortest window is tried before it is given up, as in the collector. */
const MOST_TRIES = 3;

const STRETCH = 'string(window.since) + " and " + string(window.before)';

/** The last number of failures that still makes a window shorter. */
function toShortest({ window }: SourceDefinition): number {
  return toCelSpans(window).length - 1;
}

/**
 * Says that the cursor is older than what Cloudflare keeps, once: the collector writes a gap record, an input can only log. A window that was begun is
 * none that jumps.
 */
export function compileJump({ page, scope }: SourceDefinition, { name }: StreamDefinition): string {
  const isNew = page === undefined ? '' : '!has(work.since) && ';
  return `${isNew}key in cursor && timestamp(cursor[key].until) < window.since && state.?told[?key].orValue("") != cursor[key].until ?
  {
    "events": {"error": {"message":
      ${renderCelString(`reading ${name} of ${scope} `)} + scope + ": Cloudflare no longer keeps what lies between " +
      cursor[key].until + " and " + string(window.since) + ", it is not collected"
    }},
    "told": state.?told.orValue({}).with({key: cursor[key].until}),
    "work": {"scope": index},
    "want_more": true,
  }
:`;
}

/** Moves the cursor behind a window that was given up: the input keeps no cursor with the error that says so, so this comes one evaluation later. */
export function compileSkip(source: SourceDefinition): string {
  return `state.?lost[?key].orValue("") != "" ?
  {
    "events": [{"_conf": {"empty": true}}],
    "cursor": cursor.with({key: {"until": string(state.lost[key])}}),
    "lost": state.lost.with({key: ""}),
    "failures": failed.with({key: ${toShortest(source)}}),
    "work": {"scope": index},
    "want_more": true,
  }
:`;
}

/**
 * Binds `counted`, the failures with this one, and `lost`: whether the window is given up. A smaller window may avoid an answer that is damaged or that
 * took too long; at last the shortest one is given up. No answer at all may be an outage: it makes windows shorter, and gives nothing up. Brackets are left open.
 */
export function compileCounting(source: SourceDefinition): string {
  const shortest = toShortest(source);
  const slow = source.records === 'ndjson' ? '[200, 408].exists(status, status == response.StatusCode)' : 'response.StatusCode == 200';
  return `(!has(response.error) && ${slow}).as(damaged,
(damaged ?
  failures + 1
: has(response.error) || response.StatusCode == 408 || response.StatusCode == 413 || response.StatusCode >= 500 || refused ?
  (failures < ${shortest} ? failures + 1 : failures)
:
  failures
).as(counted,
(damaged && counted >= ${shortest + MOST_TRIES}).as(lost,`;
}

/** The text that follows an error where the window is given up. */
export const LOST_TEXT = `(lost ? ". This is given up: what lies between " + ${STRETCH} + " is not collected" : "")`;
