import type { SourceDefinition, StreamDefinition, WindowDefinition } from '../definition/definition.ts';
import { isCursorPages } from '../definition/is-cursor-pages.ts';
import { compileCelResponse } from './compile-cel-response.ts';
import { compileSourceChoice, toCursorKey } from './compile-cel-sources.ts';
import { renderCelString } from './render-cel-string.ts';

/** Shortest window that failures shrink to, in milliseconds; it also stays twice as long as the overlap, so that each window moves on. */
const SHORTEST_MS = 60_000;

/** Whole seconds, because Cloudflare's bounds have no finer unit. */
function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Window lengths to try after no failure, one, two and so on: each half as long as the one before. */
function toSpans({ maxMs, overlapMs }: WindowDefinition): string {
  const shortest = Math.max(SHORTEST_MS, 2 * overlapMs);
  const spans: number[] = [maxMs];
  for (let span = maxMs / 2; span >= shortest; span /= 2) {
    spans.push(span);
  }
  return `[${spans.map((span) => renderCelString(`${toSeconds(span)}s`)).join(', ')}]`;
}

/** Go knows no days: `545d` becomes `13080h`. */
const INITIAL = `duration(state.initial_interval.contains("d") ?
      string(int(state.initial_interval.split("d")[0]) * 24) + "h" + state.initial_interval.split("d")[1]
    :
      state.initial_interval
    )`;

/** Where a source goes on: at its own cursor, else at that of the source whose place it takes. */
function compileStart({ window, continues }: SourceDefinition, { sources }: StreamDefinition): string {
  const overlap = window.overlapMs === 0 ? '' : ` - duration("${toSeconds(window.overlapMs)}s")`;
  const before = sources.find(({ name }) => name === continues);
  const other =
    before === undefined
      ? ''
      : `${toCursorKey(before, sources)} in cursor ?
    timestamp(cursor[${toCursorKey(before, sources)}].until)${overlap}
  :
    `;
  return `(key in cursor ?
    timestamp(cursor[key].until)${overlap}
  :
    ${other}timestamp(int(now)) - ${INITIAL}
  )`;
}

function compileOldest({ retentionMs, beginsMs }: WindowDefinition): string {
  const kept = `timestamp(int(now) - ${toSeconds(retentionMs)})`;
  if (beginsMs === undefined) return kept;
  const begins = `timestamp(${renderCelString(new Date(beginsMs).toISOString())})`;
  return `${kept}.as(kept, kept < ${begins} ? ${begins} : kept)`;
}

function compileWindow(source: SourceDefinition, stream: StreamDefinition): string {
  const { window, page } = source;
  const begun = page === undefined ? '' : `has(work.since) ?\n  {"since": timestamp(work.since), "before": timestamp(work.before), "last": work.last}\n:\n  `;
  return `(${begun}${compileStart(source, stream)}.as(start, ${compileOldest(window)}.as(oldest, start < oldest ? oldest : start)).as(since,
  timestamp(int(now) - ${toSeconds(window.lagMs)}).as(newest,
  ${toSpans(window)}.as(spans, duration(spans[failures < size(spans) ? failures : size(spans) - 1])).as(span,
    since + span < newest ?
      {"since": since, "before": since + span, "last": false}
    :
      {"since": since, "before": newest, "last": true}
  )))
).as(window,`;
}

function compileAddress({ request }: SourceDefinition): string {
  const parts = request.path.split(/\{\w+\}/).map(renderCelString);
  return `state.url.trim_right("/") + ${parts.join(' + scope + ')}`.replace(/ \+ ""$/, '');
}

function compileQuery(source: SourceDefinition): string {
  const { request, window, page } = source;
  const constant = Object.entries(request.query).map(([name, value]) => [name, value === '${fields}' ? 'fields' : renderCelString(value)]);
  const sizes = Object.entries(page?.size ?? {}).map(([name, size]) => [name, renderCelString(String(size))]);
  const entries = [
    ...constant,
    [window.since, 'string(window.since)'],
    [window.before, 'string(window.before)'],
    ...(page === undefined || isCursorPages(page) ? [] : [[page.number, 'string(page)']]),
    ...sizes,
  ];
  return entries.map(([name = '', value = '']) => `  ${renderCelString(name)}: [${value}],`).join('\n');
}

function compileRequest(source: SourceDefinition): string {
  const { page } = source;
  const place = page !== undefined && isCursorPages(page) ? `.with(token == "" ? {} : {${renderCelString(page.cursor)}: [token]})` : '';
  return `request("${source.request.method}", ${compileAddress(source)} + "?" + {
${compileQuery(source)}
}${place}.format_query()).with({
  "Header": {"Accept": ["application/json"], "User-Agent": [state.user_agent]}.with(state.?api_token.orValue("") != "" ?
    {"Authorization": ["Bearer " + state.api_token]}
  :
    {"X-Auth-Email": [state.?auth_email.orValue("")], "X-Auth-Key": [state.?auth_key.orValue("")]}
  )
}).do_request().as(response,`;
}

/** The list of names that the variable `fields` stands for: presets are resolved, and what makes the id and the time is always among them. */
function compileFieldList(source: SourceDefinition, { presets }: StreamDefinition): readonly string[] {
  if (!Object.values(source.request.query).includes('${fields}')) {
    return [];
  }
  const needed = [...new Set([...source.id, source.time])].map(renderCelString).join(', ');
  const known = Object.entries(presets).map(([name, fields]) => `  ${renderCelString(name)}: ${renderCelString(fields.join(','))},`);
  return [
    `{
${known.join('\n')}
}.as(presets, state.fields.map(name, (name in presets ? presets[name] : name).split(",")).flatten().map(name, name.trim_space())).as(wanted,
[${needed}].filter(name, !(name in wanted)).as(missing, (wanted + missing).join(","))).as(fields,`,
  ];
}

/** The part of a program that asks for one page of one source, whole in itself. */
function compileSource(source: SourceDefinition, stream: StreamDefinition): string {
  const { page } = source;
  const place = page === undefined ? [] : [isCursorPages(page) ? 'string(work.?cursor.orValue("")).as(token,' : 'int(work.?page.orValue(1)).as(page,'];
  const bindings = [
    ...place,
    `${toCursorKey(source, stream.sources)}.as(key,`,
    '(key in failed ? int(failed[key]) : 0).as(failures,',
    ...compileFieldList(source, stream),
    compileWindow(source, stream),
  ];
  return close(`${bindings.join('\n')}
(window.before <= (key in cursor ? timestamp(cursor[key].until) : window.since)) ?
  {"events": others ? [{"_conf": {"empty": true}}] : [], "work": next_scope, "want_more": others}
:
${compileRequest(source)}
${compileCelResponse(source, stream)}`);
}

/**
 * The CEL program that reads a stream's sources with Elastic Agent. One evaluation asks for one page of one account's or zone's window, by the same
 * windows, bounds and stop rules as the collector. `state.scopes` is the list of ids, and the state's variables choose between sources; `cursor` keeps
 * for each source and id the end of its last complete window. A source that continues another comes before it, so that it sees where that one stood.
 */
export function compileCelProgram(stream: StreamDefinition): string {
  const { sources } = stream;
  const [first, ...others] = sources.toSorted((a, b) => Number(b.continues !== undefined) - Number(a.continues !== undefined));
  if (first === undefined) throw new Error(`${stream.name} has no source that a program could read`);
  const bindings = [
    '(has(state.cursor) && state.cursor != null ? state.cursor : {}).as(cursor,',
    'state.?work.orValue({}).as(work,',
    'int(work.?scope.orValue(0)).as(index,',
    'state.?failures.orValue({}).as(failed,',
    ...compileSourceChoice([first, ...others], stream),
    '{"scope": others ? index + 1 : 0}.as(next_scope,',
  ];
  const branches = others.map((source) => `source == ${renderCelString(source.name)} ? (\n${compileSource(source, stream)}\n) : `);
  return `${close(`state.with(\n${bindings.join('\n')}\n${branches.join('')}(\n${compileSource(first, stream)}\n)`)}\n`;
}

/** Adds the round brackets that are still open outside of strings. */
function close(text: string): string {
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  return `${text}\n${')'.repeat(code.split('(').length - code.split(')').length)}`;
}
