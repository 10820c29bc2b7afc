import { isIPv6 } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { toLeaves, valueAt } from './documents.ts';
import type { StoredStream } from './logsdb-index.ts';
import type { Data, DeclaredField, StreamUnderTest } from './package-under-test.ts';

/** Types whose values an aggregation lists. */
const listed = new Set(['keyword', 'wildcard', 'ip', 'long', 'integer', 'double', 'float', 'scaled_float', 'boolean', 'date', 'flattened']);
const texts = new Set(['text', 'match_only_text']);

/** An address as Elasticsearch writes it. */
function toAddress(text: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  return mapped ?? (isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text);
}

/** Digits after the point that a synthetic source keeps of a place. */
const PLACE_DIGITS = 4;

function toSearch({ fields, expected }: StreamUnderTest): Data {
  const aggs = fields.flatMap(({ name, type, entry }): readonly (readonly [string, Data])[] => [
    [`has ${name}`, { filter: { exists: { field: name } } }],
    ...(listed.has(type) && entry.doc_values !== false ? ([[`of ${name}`, { terms: { field: name, size: 1000 } }]] as const) : []),
    ...(texts.has(type) ? toMatches(name, expected) : []),
  ]);
  return { size: 0, track_total_hits: true, aggs: Object.fromEntries(aggs.map(([name, body]) => [name.replaceAll(/[[\]>]/g, '_'), body])) };
}

function toMatches(name: string, expected: StreamUnderTest['expected']): readonly (readonly [string, Data])[] {
  const value = expected.map(({ document }) => valueAt(document, name)).find((found) => typeof found === 'string');
  return value === undefined ? [] : [[`says ${name}`, { filter: { match: { [name]: { query: value, operator: 'and' } } } }]];
}

/** Asks both the same of every declared field (who has it, with which values, which text matches); a sentence for each answer that differs. */
export async function compareAnswers(stream: StreamUnderTest, one: StoredStream, other: StoredStream): Promise<readonly string[]> {
  const body = toSearch(stream);
  const [first, second] = [await one.search(body), await other.search(body)];
  const names = Object.keys(body.aggs).filter((name) => !isDeepStrictEqual(first.aggregations[name], second.aggregations[name]));
  return [
    ...(first.hits.total.value === second.hits.total.value
      ? []
      : [`${stream.folder}: ${second.hits.total.value} documents in place of ${first.hits.total.value}`]),
    ...names.map((name) => `${stream.folder}: another answer to "${name}"`),
  ];
}

/** The values of a document by path, in an order of their own and without doubles, as a synthetic source may give them back. */
function toValues(document: Data, types: ReadonlyMap<string, string>): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, Set<string>>();
  for (const [path, value] of toLeaves(document, (at) => types.get(at) === 'geo_point')) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    values.set(path, (values.get(path) ?? new Set()).add(toText(value, types.get(path))));
  }
  return Object.fromEntries([...values].map(([path, texts]) => [path, [...texts].toSorted()]));
}

function toText(value: Data, type: string | undefined): string {
  if (type === 'geo_point') return [value.lat, value.lon].map((number: number) => number.toFixed(PLACE_DIGITS)).join();
  if (type === 'ip') return toAddress(String(value));
  if (type === 'date') return new Date(value).toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Paths of every document whose values are read back otherwise than they were sent. */
export function compareSources({ expected, fields, folder }: StreamUnderTest, { hits }: StoredStream): readonly string[] {
  const types = new Map(fields.map(({ name, type }: DeclaredField) => [name, type]));
  const faults = expected.flatMap(({ label, document }, index) => {
    const hit = hits.get(String(index));
    if (hit === undefined) return [`${label} is not there`];
    const [sent, read] = [toValues(document, types), toValues(hit.source, types)];
    const paths = [...new Set([...Object.keys(sent), ...Object.keys(read)])].filter((path) => !isDeepStrictEqual(sent[path], read[path]));
    return paths.map(
      (path) => `${label}: ${path} is read back as ${JSON.stringify(read[path])?.slice(0, 100)}, and was ${JSON.stringify(sent[path])?.slice(0, 100)}`,
    );
  });
  return hits.size === expected.length ? faults : [...faults, `${folder}: ${hits.size} documents are stored, ${expected.length} were sent`];
}
