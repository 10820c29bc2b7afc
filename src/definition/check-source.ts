import type { SourceDeclaration } from './declaration.ts';
import type { Scope } from './definition.ts';
import { parseDuration } from './duration.ts';
import { isCursorPages } from './is-cursor-pages.ts';
import { below, type Report } from './report.ts';

const placeholders: Readonly<Record<Scope, readonly string[]>> = { account: ['account_id'], zone: ['zone_id'], user: [] };

/** What a source means: its path fits its scope, its durations are some, records can be told apart. */
export function checkSource(source: SourceDeclaration, report: Report): void {
  checkPath(source, report);
  checkQuery(source, report);
  if (source.page !== undefined) checkPage(source.page, below(report, 'page'));
  checkWindow(source.window, below(report, 'window'));
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

function checkPage(page: object, report: Report): void {
  const given = ['number', 'stop', 'cursor', 'from'].filter((key) => key in page).join(', ');
  if (given !== 'number, stop' && given !== 'cursor, from') {
    report('', `pages are counted by number and stop, or named by cursor and from; this has ${given || 'neither'}`, 'Write one of the two pairs.');
  }
}

function checkWindow(window: SourceDeclaration['window'], report: Report): void {
  if (window.begins !== undefined && !/^\d{4}-\d\d-\d\d$/.test(toDate(window.begins)))
    report('begins', `${window.begins} is no date`, 'Write a day in UTC, e.g. 2026-03-10.');
  const parsed = (['max', 'retention', 'lag', 'overlap'] as const).map((name) => {
    const ms = parseDuration(window[name]);
    if (ms === undefined) report(name, `${window[name]} is no duration`, 'Write 30s, 5m, 24h or 7d.');
    return ms;
  });
  const [max, retention, lag, overlap] = parsed;
  if (max === undefined || retention === undefined || lag === undefined || overlap === undefined) return;
  if (max === 0) report('max', 'the longest window is empty', 'Write a duration longer than nothing.');
  if (retention <= max + lag)
    report('retention', 'the retention is not longer than the longest window and the lag', 'Write how far back the endpoint answers.');
  if (overlap >= retention) report('overlap', 'the overlap is not shorter than the retention', 'Write a shorter overlap.');
}

/** The same text for a day that exists; anything else for one that does not. */
function toDate(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10) === text ? text : '';
}
