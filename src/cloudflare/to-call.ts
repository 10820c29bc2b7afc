import type { SourceDefinition } from '../definition/definition.ts';
import { isCursorPages } from '../definition/is-cursor-pages.ts';
import type { Call } from './open-client.ts';

/** Half-open in UTC, epoch milliseconds; the same shape as the collector's. */
export interface Window {
  readonly since: number;
  readonly before: number;
}

/** What to read of a source. */
export interface ReadRequest {
  /** Name of the data stream, for messages. */
  readonly stream: string;
  /** Account or zone id; for a user source anything that names the user. */
  readonly scopeId: string;
  readonly window: Window;
  /** Names of the record's fields to ask for, where the source has a choice; those of id and time are added. */
  readonly fields?: readonly string[];
  /** Told of a stretch that holds more records than pages give, and why; what lies behind it is still read. @default such a window is refused as a whole */
  readonly onLost?: (lost: Window, reason: string) => void;
}

/** Which part of a window to ask for. */
export interface PageRequest {
  readonly sinceMs: number;
  readonly beforeMs: number;
  readonly number: number;
  /** The cursor that names the page, where the source has such and it is not the first. */
  readonly cursor?: string;
  /** Records of a page. @default the declared sizes */
  readonly size?: number;
}

/** The request for one page, or for the whole window where the source has no pages. */
export function toCall(source: SourceDefinition, request: ReadRequest, page: PageRequest): Call {
  const lines = source.records === 'ndjson';
  const scope = source.scope === 'user' ? "the credential's user" : `${source.scope} ${request.scopeId}`;
  return {
    what: `reading ${request.stream} of ${scope}`,
    scope,
    permission: source.permission,
    ofUser: source.scope === 'user',
    lines,
    page: page.number,
    path: source.request.path.replace(/\{\w+\}/g, encodeURIComponent(request.scopeId)),
    query: { ...toFixed(source, request), ...toWindow(source, page), ...toPage(source, page) },
    turn: lines ? { kind: 'logpull', zoneId: request.scopeId } : { kind: 'request' },
  };
}

function toFixed(source: SourceDefinition, { fields = [] }: ReadRequest): Readonly<Record<string, string>> {
  const names = [...new Set([...source.id, source.time, ...fields])].join(',');
  return Object.fromEntries(Object.entries(source.request.query).map(([key, value]) => [key, value.replace('${fields}', names)]));
}

/** Whole seconds stay exact; Cloudflare documents no finer bounds for pages, so there the window only ever grows to them. */
function toWindow(source: SourceDefinition, { sinceMs, beforeMs }: PageRequest): Readonly<Record<string, string>> {
  const exact = source.records === 'ndjson';
  const since = exact ? sinceMs : Math.floor(sinceMs / 1000) * 1000;
  const before = exact ? beforeMs : Math.ceil(beforeMs / 1000) * 1000;
  return { [source.window.since]: toTimestamp(since), [source.window.before]: toTimestamp(before) };
}

function toTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function toPage({ page }: SourceDefinition, { number, cursor, size }: PageRequest): Readonly<Record<string, string>> {
  if (page === undefined) return {};
  const sizes = Object.entries(page.size).map(([key, declared]) => [key, String(size ?? declared)]);
  const place = isCursorPages(page) ? (cursor === undefined ? {} : { [page.cursor]: cursor }) : { [page.number]: String(number) };
  return { ...place, ...Object.fromEntries(sizes) };
}
