import type { Layer } from '../saved-object/dashboard.ts';
import { listColumns, type NamedColumn } from './columns.ts';
import { FILTERED } from './to-metric-aggregation.ts';

/** A value of a table; times are epoch milliseconds. */
export type Cell = string | number | null;

/** One row of a layer: cells by column id. */
export type Row = Readonly<Record<string, Cell>>;

/** One bucket of an answer, and what is inside by name. */
export interface Bucket {
  readonly key?: Cell;
  readonly key_as_string?: string;
  readonly doc_count: number;
  readonly [name: string]: unknown;
}

/** What Elasticsearch answers. */
export interface SearchAnswer {
  readonly hits: { readonly total: { readonly value: number }; readonly hits?: readonly { readonly fields?: Readonly<Record<string, readonly Cell[]>> }[] };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

interface ValueAnswer {
  readonly value?: number | null;
  readonly values?: readonly { readonly value: number | null }[];
  readonly std_deviation?: number | null;
  readonly hits?: { readonly hits: readonly { readonly fields?: Readonly<Record<string, readonly Cell[]>> }[] };
}

/** The rows of a layer: one for each innermost bucket; without buckets one in all. */
export function toRows(layer: Layer, answer: SearchAnswer): readonly Row[] {
  const { buckets, metrics } = listColumns(layer);
  return walk({ doc_count: answer.hits.total.value, ...answer.aggregations }, buckets, metrics);
}

/** The rows of a list of documents: cells by field; several values stand side by side. */
export function toDocumentRows({ hits }: SearchAnswer): readonly Row[] {
  return (hits.hits ?? []).map(({ fields = {} }) =>
    Object.fromEntries(Object.entries(fields).map(([field, values]) => [field, values.length === 1 ? (values[0] ?? null) : values.join(', ')])),
  );
}

function walk(bucket: Bucket, [column, ...deeper]: readonly NamedColumn[], metrics: readonly NamedColumn[]): readonly Row[] {
  if (column === undefined) return [Object.fromEntries(metrics.map((metric) => [metric.id, toValue(metric, bucket)]))];
  return listBuckets(bucket[column.id]).flatMap(([key, inner]) => walk(inner, deeper, metrics).map((row) => ({ [column.id]: key, ...row })));
}

/** The buckets of an aggregation with the values that they stand for; those of filters have their names. */
function listBuckets(aggregation: unknown): readonly (readonly [Cell, Bucket])[] {
  const { buckets } = aggregation as { readonly buckets: readonly Bucket[] | Readonly<Record<string, Bucket>> };
  if (!Array.isArray(buckets)) return Object.entries(buckets as Readonly<Record<string, Bucket>>);
  return (buckets as readonly Bucket[]).map((bucket) => [toKey(bucket), bucket]);
}

/** What a bucket stands for. Booleans have a text; times have one as well but are wanted as numbers. */
export function toKey({ key = null, key_as_string: text }: Bucket): Cell {
  return text === 'true' || text === 'false' ? text : key;
}

function toValue(column: NamedColumn, bucket: Bucket): Cell {
  const own = bucket[column.id] as (ValueAnswer & Bucket) | undefined;
  const { emptyAsNull = false } = (column.params ?? {}) as { readonly emptyAsNull?: boolean };
  if (own === undefined) return emptyAsNull && bucket.doc_count === 0 ? null : bucket.doc_count;
  const isFiltered = column.filter !== undefined;
  if (isFiltered && own[FILTERED] === undefined) return emptyAsNull && own.doc_count === 0 ? null : own.doc_count;
  const value = toNumber(column, (isFiltered ? own[FILTERED] : own) as ValueAnswer);
  const isEmpty = emptyAsNull && value === 0;
  return isEmpty ? null : value;
}

function toNumber({ operationType, sourceField = '' }: NamedColumn, answer: ValueAnswer): Cell {
  switch (operationType) {
    case 'median':
    case 'percentile':
      return answer.values?.[0]?.value ?? null;
    case 'standard_deviation':
      return answer.std_deviation ?? null;
    case 'last_value':
      return answer.hits?.hits[0]?.fields?.[sourceField]?.[0] ?? null;
    default:
      return answer.value ?? null;
  }
}
