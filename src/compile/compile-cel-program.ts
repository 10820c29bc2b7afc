import type { SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { isCursorPages } from '../definition/is-cursor-pages.ts';
import { compileFieldList, compileKeptOffer, compileOfferedFields, takesFields } from './compile-cel-fields.ts';
import { compileJump, compileSkip } from './compile-cel-losses.ts';
import { compileCelAddress, compileCelRequest } from './compile-cel-request.ts';
import { compileCelResponse } from './compile-cel-response.ts';
import { compileSourceChoice, toCursorKey } from './compile-cel-sources.ts';
import { compileCelWindow } from './compile-cel-window.ts';
import { renderCelString } from './render-cel-string.ts';
import { toScopeKey } from './to-scope-key.ts';

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
  const address = `${compileCelAddress(source)} + "?" + {
${compileQuery(source)}
}${place}.format_query()`;
  return `${compileCelRequest(source, address)}.as(response,`;
}

/** Asks for a page of the source's window and follows the answer; brackets are left open. */
function compileTurn(source: SourceDefinition, stream: StreamDefinition): string {
  return `${compileSkip(source)}
${compileCelWindow(source, stream)}
${compileJump(source, stream)}
(window.before <= (key in cursor ? timestamp(cursor[key].until) : window.since)) ?
  {"events": others ? [{"_conf": {"empty": true}}] : [], "work": next_scope, "want_more": others}
:
${compileRequest(source)}
${compileCelResponse(source, stream)}`;
}

/** A token that an account owns has no user: Cloudflare would only refuse it, with a worse explanation. */
function compileUserCheck({ name }: StreamDefinition): string {
  const message = `reading ${name} of the user: the API token belongs to an account, which has no user. Use a token of a user, or e-mail and global API key.`;
  return `state.?api_token.orValue("").has_prefix("cfat_") ?
  {"events": {"error": {"message": ${renderCelString(message)}}}, "work": next_scope, "want_more": others}
:
`;
}

/** What is no id, above all the collector's word for all of them, would only be refused by Cloudflare, with a worse explanation. */
function compileIdCheck(source: SourceDefinition, stream: StreamDefinition): string {
  if (source.scope === 'user') return compileUserCheck(stream);
  const { name } = stream;
  const key = toScopeKey(source);
  const hint = ` is no id. Write 32 lower-case hexadecimal digits; only the collector takes the word all.`;
  return `!scope.matches("^[0-9a-f]{32}$") ?
  {
    "events": {"error": {"message": ${renderCelString(`reading ${name}: the ${key} `)} + scope + ${renderCelString(hint)}}},
    "work": next_scope,
    "want_more": others,
  }
:
`;
}

/** The part of a program that asks for one page of one source, whole in itself. */
function compileSource(source: SourceDefinition, stream: StreamDefinition): string {
  const { page } = source;
  const place = page === undefined ? [] : [isCursorPages(page) ? 'string(work.?cursor.orValue("")).as(token,' : 'int(work.?page.orValue(1)).as(page,'];
  const bindings = [
    ...place,
    `${toCursorKey(source, stream.sources)}.as(key,`,
    '(key in failed ? int(failed[key]) : 0).as(failures,',
    ...(takesFields(source) ? [compileOfferedFields(source)] : []),
  ];
  const turn = compileTurn(source, stream);
  const whole = takesFields(source) ? compileKeptOffer(close(`${compileFieldList(source, stream)}\n${turn}`)) : turn;
  return close(`${compileIdCheck(source, stream)}${bindings.join('\n')}\n${whole}`);
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
