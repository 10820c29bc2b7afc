import type { SourceDeclaration, VariableDeclaration } from './declaration.ts';
import type { Scope } from './definition.ts';
import { parseDuration } from './duration.ts';
import { isCursorPages } from './is-cursor-pages.ts';
import { below, type Report } from './report.ts';
import { toRetentionVariable } from './retention.ts';

const placeholders: Readonly<Record<Scope, readonly string[]>> = { account: ['account_id'], zone: ['zone_id'], user: [] };

/** What a source means: its path fits its scope, its durations are some, records can be told apart. */
export function checkSource(source: SourceDeclaration, variables: readonly VariableDeclaration[], report: Report): void {
  checkPath(source, report);
  checkQuery(source, report);
  if (source.page !== undefined) checkPage(source.page, below(report, 'page'));
  checkWindow(source.window, variables, below(report, 'window'));
  if (source.id.length === 0) report('id', `the source ${source.name} has an empty id`, 'Name the record paths that tell one record from another.');
  const twice = source.id.find((path, index) => source.id.indexOf(path) !== index);
  if (twice !== undefined) report('id', `${twice} stands twice in the id`, 'Remove one of the two.');
}

function checkPath({ request, scope }: SourceDeclaration, report: Report): void {
  const found = [...request.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const expected = placeholders[scope];
  if (found.length === expected.length && found.every((name) => expected.includes(name))) return;
  const has = found.length === 0 ? 'no placeholder' : found.map((name) => `{${name}}`).join(', ');
  const wanted = expected.length === 0 ? 'no placeholder' : expected.map((name) => `{${name}}`).join(', ');
  report('request', `a source of scope ${scope} needs ${wanted} in its path, this one has ${has}`, 'Correct the path, or the scope.');
}

function checkQuery({ query = {}, window, page }: SourceDeclaration, report: Report): void {
  const paging = page === undefined ? [] : [isCursorPages(page) ? page.cursor : page.number, ...Object.keys(page.size)];
  const taken = new Set([window.since, window.before, ...paging]);
  for (const [name, value] of Object.entries(query)) {
    if (value.includes('${') && value !== '${fields}') report(`query.${name}`, `${value} is no placeholder`, 'Only ${fields} stands for something, and alone.');
    if (taken.has(name)) report(`query.${name}`, `the parameter ${name} is set by window or page`, 'Remove it from query.');
  }
}

function checkPage(page: NonNullable<SourceDeclaration['page']>, report: Report): void {
  const given = ['number', 'stop', 'cursor', 'from'].filter((key) => key in page).join(', ');
  if (given !== 'number, stop' && given !== 'cursor, from') {
    report('', `pages are counted by number and stop, or named by cursor and from; this has ${given || 'neither'}`, 'Write one of the two pairs.');
  }
  const { size, sizes } = page;
  if (sizes === undefined) return;
  for (const [name, asked] of Object.entries(size)) {
    if (!sizes.includes(asked)) report(`size.${name}`, `${asked} is no size that the endpoint takes`, `Write one of ${sizes.join(', ')}.`);
  }
  // A trial asks for a page of one record.
  if (!sizes.includes(1)) report('sizes', 'the endpoint takes no page of one record', 'Add 1: check asks for one record.');
}

function checkWindow(window: SourceDeclaration['window'], variables: readonly VariableDeclaration[], report: Report): void {
  if (window.begins !== undefined && !/^\d{4}-\d\d-\d\d$/.test(toDate(window.begins)))
    report('begins', `${window.begins} is no date`, 'Write a day in UTC, e.g. 2026-03-10.');
  const parsed = (['max', 'lag', 'overlap'] as const).map((name) => readDuration(name, window[name], report));
  const [max, lag, overlap] = parsed;
  if (max === 0) report('max', 'the longest window is empty', 'Write a duration longer than nothing.');
  for (const retention of listRetentions(window.retention, variables, report)) {
    if (max === undefined || lag === undefined || overlap === undefined) continue;
    if (retention <= max + lag)
      report('retention', 'the retention is not longer than the longest window and the lag', 'Write how far back the endpoint answers.');
    if (overlap >= retention) report('overlap', 'the overlap is not shorter than the retention', 'Write a shorter overlap.');
  }
}

function readDuration(name: string, text: string, report: Report): number | undefined {
  const ms = parseDuration(text);
  if (ms === undefined) report(name, `${text} is no duration`, 'Write 30s, 5m, 24h or 7d.');
  return ms;
}

/** Every retention that there may be: the declared one, or the options of the variable that says it. */
function listRetentions(retention: string, variables: readonly VariableDeclaration[], report: Report): readonly number[] {
  const name = toRetentionVariable(retention);
  if (name === undefined) return [readDuration('retention', retention, report) ?? []].flat();
  const select = variables.find((variable) => variable.name === name && variable.type === 'select');
  if (select === undefined || select.default === undefined) {
    report('retention', `${name} is no variable of type select with a default`, 'Declare it, with durations as options.');
    return [];
  }
  return (select.options ?? []).flatMap((option) => readDuration('retention', option, report) ?? []);
}

/** The same text for a day that exists; anything else for one that does not. */
function toDate(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10) === text ? text : '';
}
