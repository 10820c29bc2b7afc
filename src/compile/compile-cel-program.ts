import type { SourceDefinition, StreamDefinition, WindowDefinition } from '../definition/definition.ts';
import { compileCelResponse } from './compile-cel-response.ts';
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

function compileWindow({ window, page }: SourceDefinition): string {
  const begun = page === undefined ? '' : `has(work.since) ?\n  {"since": timestamp(work.since), "before": timestamp(work.before), "last": work.last}\n:\n  `;
  const overlap = window.overlapMs === 0 ? '' : ` - duration("${toSeconds(window.overlapMs)}s")`;
  return `(${begun}(scope in cursor ?
    timestamp(cursor[scope].until)${overlap}
  :
    timestamp(int(now)) - ${INITIAL}
  ).as(start, timestamp(int(now) - ${toSeconds(window.retentionMs)}).as(oldest, start < oldest ? oldest : start)).as(since,
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
    ...(page === undefined ? [] : [[page.number, 'string(page)'], ...sizes]),
  ];
  return entries.map(([name = '', value = '']) => `  ${renderCelString(name)}: [${value}],`).join('\n');
}

function compileRequest(source: SourceDefinition): string {
  return `request("${source.request.method}", ${compileAddress(source)} + "?" + {
${compileQuery(source)}
}.format_query()).with({
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

/**
 * The CEL program that reads a source with Elastic Agent. One evaluation asks for one page of one account's or zone's window, by the same windows,
 * bounds and stop rule as the collector. `state.scopes` is the list of ids; `cursor` keeps for each the end of its last complete window.
 */
export function compileCelProgram(source: SourceDefinition, stream: StreamDefinition): string {
  const bindings = [
    '(has(state.cursor) && state.cursor != null ? state.cursor : {}).as(cursor,',
    'state.?work.orValue({}).as(work,',
    'int(work.?scope.orValue(0)).as(index,',
    ...(source.page === undefined ? [] : ['int(work.?page.orValue(1)).as(page,']),
    'state.scopes[index].as(scope,',
    'state.?failures.orValue({}).as(failed, (scope in failed ? int(failed[scope]) : 0).as(failures,',
    '(index + 1 < size(state.scopes)).as(others,',
    '{"scope": others ? index + 1 : 0}.as(next_scope,',
    ...compileFieldList(source, stream),
    compileWindow(source),
  ];
  const idle = `(window.before <= (scope in cursor ? timestamp(cursor[scope].until) : window.since)) ?
  {"events": others ? [{"_conf": {"empty": true}}] : [], "work": next_scope, "want_more": others}
:`;
  const body = `state.with(
${bindings.join('\n')}
${idle}
${compileRequest(source)}
${compileCelResponse(source, stream)}`;
  return `${body}\n${')'.repeat(countOpen(body))}\n`;
}

/** How many round brackets outside of strings are still open. */
function countOpen(text: string): number {
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  return code.split('(').length - code.split(')').length;
}
