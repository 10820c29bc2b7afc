import type { CursorPages, SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { isCursorPages } from '../definition/is-cursor-pages.ts';
import { listSentVariables } from '../definition/list-sent-variables.ts';
import { compileCounting, LOST_TEXT } from './compile-cel-losses.ts';
import { renderCelString } from './render-cel-string.ts';
import { toScopeKey } from './to-scope-key.ts';

/** How long to wait after a 429 that does not say; Cloudflare blocks for five minutes. */
const RETRY_AFTER_SECONDS = 300;

const DEEPEST_PAGE = 3;

/** Why no answer came: what stands behind the address, which may be long. */
const NO_ANSWER = `string(response.error).split("\\": ").as(parts, parts[size(parts) - 1])`;

/** A page of JSON as `{"records": [...]}`, or `{"error": why}`. */
function compileJsonReading({ records, page }: SourceDefinition): string {
  const isNamed = page !== undefined && isCursorPages(page);
  const pastTheEnd = page === undefined || isNamed ? '' : `\nresponse.StatusCode == 400 && page > 1 ?\n  dyn({"records": []})\n:`;
  return `(has(response.error) ?
  {"error": ${NO_ANSWER}}
: response.StatusCode == 200 ?
  try(response.Body.decode_json(), "error").as(body,
    has(body.error) || body.?success.orValue(true) != true ?
      {"error": response.Body.to_valid_utf8("?")}
    :
      {"records": body.?${records}.orValue(null) == null ? [] : body.${records}${isNamed ? `, "cursor": ${compileCursor(page)}` : ''}}
  )
:${pastTheEnd}
  {"error": response.Body.to_valid_utf8("?")}
).as(read,`;
}

/** The next cursor as text, empty where the answer names none. */
function compileCursor({ from }: CursorPages): string {
  const found = from.map((path) => `optional.of(body).?${path.replaceAll('.', '.?')}.orValue(null)`);
  return `[${found.join(', ')}].filter(next, next != null && string(next) != "").as(found, size(found) == 0 ? "" : string(found[0]))`;
}

/** Lines as `{"records": [...]}`; a body whose last line is no JSON was cut, or ends in Cloudflare's error line: it is no window. */
function compileLinesReading(): string {
  return `(has(response.error) ?
  dyn({"error": ${NO_ANSWER}})
: response.StatusCode == 200 ?
  response.Body.to_valid_utf8("\\ufffd").split("\\n").map(line, line.trim_suffix("\\r")).filter(line, line != "").as(lines,
    size(lines) > 0 && is_error(lines[size(lines) - 1].decode_json()) ?
      {"error": "the answer ends early: " + lines[size(lines) - 1]}
    :
      dyn({"records": lines})
  )
:
  {"error": response.Body.to_valid_utf8("?")}
).as(read,`;
}

/** Keeps where a first window began, so that it begins there when it is asked for again: later, the initial interval would begin later, too. */
const BEGUN = '"begun": state.?begun.orValue({}).with(key in cursor ? {} : {key: string(window.since)})';

/** Waits as Cloudflare asks; the input sleeps and evaluates again, with the same page. */
function compileWait(): string {
  return `!has(response.error) && response.StatusCode == 429 ?
  {
    "events": [],
    "status_code": 429,
    "header": {"Retry-After": [response.Header[?"Retry-After"][?0].orValue("${RETRY_AFTER_SECONDS}")]},
    ${BEGUN},
    "want_more": false,
  }
:`;
}

/** Reports the failure and goes on with the next account or zone; this one's cursor stays, unless its window is given up. */
function compileFailure(source: SourceDefinition, { name }: StreamDefinition): string {
  const { page, scope } = source;
  const attempt = renderCelString(`reading ${name} of ${scope} `);
  // A cursor that is refused may be too old: a smaller window needs none.
  const refused = page !== undefined && isCursorPages(page) ? '!has(response.error) && response.StatusCode == 400 && token != ""' : 'false';
  return `has(read.error) ?
  (${refused}).as(refused,
  ${compileCounting(source)}
  {
    "events": {"error": {"message":
      ${attempt} + scope + ": " + (has(response.error) ? "no whole answer came" : "Cloudflare answered " + string(response.StatusCode)) + ": " +
      (size(read.error) > 500 ? read.error.substring(0, 500) : read.error) + ${LOST_TEXT}
    }},
    "failures": failed.with({key: counted}),
    ${BEGUN},
    "lost": state.?lost.orValue({}).with(lost ? {key: string(window.before)} : {}),
    "work": lost ? {"scope": index} : next_scope,
    "want_more": lost || others,
  }))))
:`;
}

const EMPTY = '[{"_conf": {"empty": true}}]';

/** Fleet may quote entries of a list that look like numbers once more. */
function compileSent(name: string, { variables }: StreamDefinition): string {
  const multi = variables.some((variable) => variable.name === name && variable.multi);
  return multi ? `state.${name}.map(text, text.trim("\\""))` : `state.${name}`;
}

/** Events of the records that were read, in the wire form of the ingest pipeline. */
function compileEvents(source: SourceDefinition, stream: StreamDefinition): string {
  const message = source.records === 'ndjson' ? 'record' : 'record.encode_json()';
  const sent = listSentVariables(stream).map((name) => `.with(has(state.${name}) ? {${renderCelString(name)}: ${compileSent(name, stream)}} : {})`);
  const conf = `{"source": ${renderCelString(source.name)}, ${renderCelString(toScopeKey(source))}: scope}${sent.join('')}`;
  return `read.records.map(record, {"message": ${message}, "_conf": ${conf}})`;
}

/**
 * Publishes a window's last page, and moves the cursor to the window's end, also when the window was empty: the input keeps a cursor only with an
 * event, so an empty page publishes one that the stream's processors drop.
 */
function compileLastPage(source: SourceDefinition, stream: StreamDefinition): string {
  return `{
    "events": size(read.records) == 0 ? ${EMPTY} : ${compileEvents(source, stream)},
    "cursor": cursor.with({key: {"until": string(window.before)}}),
    "failures": failed.with({key: failures > 0 ? failures - 1 : 0}),
    "work": window.last ? next_scope : {"scope": index},
    "want_more": !window.last || others,
  }`;
}

/**
 * Where a window goes on after a full page. A query in order of time is not followed deeper than three pages: Cloudflare was seen to answer a fourth one
 * as if nothing were left. It is asked anew from one second before the last record on, because `since` may exclude its own moment; ids make what is read
 * twice one document.
 */
function compileNextPage(source: SourceDefinition, size: number): string {
  const next = '{"since": string(window.since), "page": page + 1}';
  if (source.request.query.direction !== 'asc') {
    return next;
  }
  return `(page >= ${DEEPEST_PAGE} ? timestamp(int(timestamp(${compileLastTime(source, String(size - 1))})) - 1) : window.since).as(reached,
      reached > window.since ? {"since": string(reached), "page": 1} : ${next}
    )`;
}

/** Publishes a full page; the next evaluation goes on in the same window. */
function compileFullPage(source: SourceDefinition, stream: StreamDefinition, size: number): string {
  return `size(read.records) >= ${size} ?
  {
    "events": ${compileEvents(source, stream)},
    "work": {"scope": index, "before": string(window.before), "last": window.last}.with(${compileNextPage(source, size)}),
    "want_more": true,
  }
:
  `;
}

/**
 * Publishes a page that names the next one; the next evaluation goes on with that. A cursor that the request had already leads nowhere: the window is asked
 * for anew from one second before the last record on, until that is where it began.
 */
function compileNamedPage(source: SourceDefinition, stream: StreamDefinition): string {
  const reached =
    source.request.query.direction === 'asc'
      ? `size(read.records) == 0 ? window.since : timestamp(int(timestamp(${compileLastTime(source, 'size(read.records) - 1')})) - 1)`
      : 'window.since';
  return `(${reached}).as(reached,
read.cursor != "" && size(read.records) > 0 && (read.cursor != token || reached > window.since) ?
  {
    "events": ${compileEvents(source, stream)},
    "work": {"scope": index, "before": string(window.before), "last": window.last}.with(read.cursor != token ?
      {"since": string(window.since), "cursor": read.cursor}
    :
      {"since": string(reached), "cursor": ""}
    ),
    "want_more": true,
  }
:
  `;
}

function compileLastTime({ time }: SourceDefinition, index: string): string {
  return `read.records[${index}].?${time.replaceAll('.', '.?')}.orValue(string(window.since))`;
}

/**
 * Goes on behind a second that holds more than the deepest page: a page behind that one is either the last of the window, and then little is left, or empty
 * though more follows. Of that second itself something may be missing, which the log says.
 */
function compileFullSecond(source: SourceDefinition, stream: StreamDefinition): string {
  if (source.request.query.direction !== 'asc') return '';
  const attempt = renderCelString(`reading ${stream.name} of ${source.scope} `);
  const behind = 'window.since + duration("2s")';
  return `page > ${DEEPEST_PAGE} && ${behind} < window.before ?
  {
    "events": size(read.records) > 0 ? dyn(${compileEvents(source, stream)}) : dyn({"error": {"message":
      ${attempt} + scope + ": Cloudflare gives no more of the events between " + string(window.since) + " and " + string(${behind})
    }}),
    "work": {"scope": index, "since": string(${behind}), "before": string(window.before), "last": window.last, "page": 1},
    "want_more": true,
  }
:
  `;
}

function compilePage(source: SourceDefinition, stream: StreamDefinition): string {
  if (source.page !== undefined && isCursorPages(source.page)) {
    return `${compileNamedPage(source, stream)}${compileLastPage(source, stream)}`;
  }
  const [size] = Object.values(source.page?.size ?? {});
  return `${size === undefined ? '' : `${compileFullPage(source, stream, size)}${compileFullSecond(source, stream)}`}${compileLastPage(source, stream)}`;
}

/** The part of a CEL program that turns Cloudflare's answer into events, cursor and what to do next. Brackets are left open. */
export function compileCelResponse(source: SourceDefinition, stream: StreamDefinition): string {
  const reading = source.records === 'ndjson' ? compileLinesReading() : compileJsonReading(source);
  return [compileWait(), reading, compileFailure(source, stream), compilePage(source, stream)].join('\n');
}
