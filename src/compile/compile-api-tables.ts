import type { ApiCall, RateLimitFact } from '../definition/api-facts.ts';
import type { PackageDefinition, SourceDefinition } from '../definition/definition.ts';
import { renderDuration } from './render-duration.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

const scopes: Readonly<Record<SourceDefinition['scope'], string>> = { account: 'Account', zone: 'Zone', user: 'User' };

/** A permission group as the form of a token shows it: `Account Settings Read` of an account is `Account > Account Settings > Read`. */
function toFormPath({ scope, permission }: SourceDefinition): string {
  return `${scopes[scope]} > ${permission.replace(/ (\w+)$/, ' > $1')}`;
}

function join(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}

/** For each data stream the permission that a token needs, where the form of a token has it, and those of the other streams, which it does not need. */
export function compilePermissions({ streams }: PackageDefinition): string {
  const all = streams.flatMap(({ sources }) => sources.map(({ permission }) => permission));
  const rows = streams.map(({ title, sources }) => {
    const needed = sources.map(({ permission }) => permission);
    const others = join(all.filter((permission) => !needed.includes(permission)));
    return [title, join(needed) || 'none', join(sources.map(toFormPath)), others];
  });
  return renderMarkdownTable(['Data stream', 'Needs', 'In the form of a token', 'Does not need'], rows);
}

function toRecords({ page }: SourceDefinition): string {
  const [size] = Object.values(page?.size ?? {});
  return size === undefined ? 'the whole window' : `up to ${size}`;
}

function toReach({ window }: SourceDefinition): string {
  const begins = window.beginsMs === undefined ? '' : `, not before ${new Date(window.beginsMs).toISOString().slice(0, 10)}`;
  const { retentionBy } = window;
  if (retentionBy === undefined) return `${renderDuration(window.retentionMs)}${begins}`;
  return `${Object.values(retentionBy.optionsMs).map(renderDuration).join(', ')}, as \`${retentionBy.variable}\` says${begins}`;
}

/** Every declared endpoint with how it is asked. */
export function compileEndpoints({ streams }: PackageDefinition): string {
  const rows = streams.flatMap((stream) =>
    stream.sources.map((source) => [
      stream.title,
      source.name,
      `\`${source.request.method} ${source.request.path}\``,
      toRecords(source),
      renderDuration(source.window.maxMs),
      renderDuration(source.window.lagMs),
      renderDuration(source.window.overlapMs),
      toReach(source),
    ]),
  );
  const head = ['Data stream', 'Source', 'Endpoint', 'Records in an answer', 'Longest window', 'Read after', 'Read again', 'Reaches back'];
  return renderMarkdownTable(head, rows);
}

/** Requests beside those of the data streams. */
export function compileCalls(calls: readonly ApiCall[]): string {
  const rows = calls.map(({ method, path, purpose, permission }) => [`\`${method} ${path}\``, purpose, permission ?? 'none']);
  return renderMarkdownTable(['Endpoint', 'What for', 'Permission'], rows);
}

/** How many requests Cloudflare lets through. */
export function compileRateLimits(limits: readonly RateLimitFact[]): string {
  return renderMarkdownTable(
    ['Requests', 'Within', 'Counted together'],
    limits.map(({ limit, spanMs, counts }) => [limit.toLocaleString('en-US'), renderDuration(spanMs), counts]),
  );
}
