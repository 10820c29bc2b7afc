import type { SourceDeclaration } from './declaration.ts';
import type { Scope } from './definition.ts';
import { parseDuration } from './duration.ts';
import { below, type Report } from './report.ts';

const placeholders: Readonly<Record<Scope, readonly string[]>> = { account: ['account_id'], zone: ['zone_id'], user: [] };

/** What a source means: its path fits its scope, its durations are some, records can be told apart. */
export function checkSource(source: SourceDeclaration, report: Report): void {
  checkPath(source, report);
  checkQuery(source, report);
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
  const taken = new Set([window.since, window.before, ...(page === undefined ? [] : [page.number, ...Object.keys(page.size)])]);
  for (const [name, value] of Object.entries(query)) {
    if (value.includes('${') && value !== '${fields}') report(`query.${name}`, `${value} is no placeholder`, 'Only ${fields} stands for something, and alone.');
    if (taken.has(name)) report(`query.${name}`, `the parameter ${name} is set by window or page`, 'Remove it from query.');
  }
}

function checkWindow(window: SourceDeclaration['window'], report: Report): void {
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
