import type { BucketDefinition, ChartDefinition, DashboardField, MeasureDefinition } from '../../definition/dashboard-definition.ts';
import type { Condition } from '../../definition/definition.ts';
import { renderKuery } from './render-kuery.ts';

/** The columns of a Lens layer, and which is what; all by id. */
export interface LensColumns {
  /** Buckets first, the outermost first of all; then measures. */
  readonly columnOrder: readonly string[];
  readonly columns: Readonly<Record<string, object>>;
  readonly measures: readonly string[];
  readonly buckets: readonly string[];
  /** The column of time steps, where the chart has one. */
  readonly time?: string;
}

/** A query of Kibana. */
export function toQuery(condition: Condition | undefined): { readonly language: 'kuery'; readonly query: string } {
  return { language: 'kuery', query: condition === undefined ? '' : renderKuery(condition) };
}

/** The columns of a chart; `toId` makes an id of a name that is unique in the chart. */
export function compileColumns(chart: ChartDefinition, toId: (name: string) => string): LensColumns {
  const measures = chart.measures.map((_, index) => toId(`measure ${index}`));
  const buckets = chart.buckets.map((_, index) => toId(`bucket ${index}`));
  const hasTime = chart.kind === 'time' || (chart.kind === 'heatmap' && chart.buckets.length === 1);
  const time = hasTime ? toId('time') : undefined;
  const columns = [
    ...chart.buckets.map((bucket, index) => [buckets[index], compileBucket(bucket, measures[0])] as const),
    ...(time === undefined ? [] : [[time, timeColumn] as const]),
    ...chart.measures.map((measure, index) => [measures[index], compileMeasure(measure)] as const),
  ];
  return {
    columnOrder: columns.map(([id]) => String(id)),
    columns: Object.fromEntries(columns),
    measures,
    buckets,
    ...(time === undefined ? {} : { time }),
  };
}

const timeColumn = {
  dataType: 'date',
  isBucketed: true,
  label: '@timestamp',
  operationType: 'date_histogram',
  params: { dropPartials: false, includeEmptyRows: true, interval: 'auto' },
  scale: 'interval',
  sourceField: '@timestamp',
};

function compileBucket(bucket: BucketDefinition, measure: string | undefined): object {
  const base = { customLabel: true, isBucketed: true, label: bucket.label, scale: 'ordinal' };
  if (bucket.kind === 'groups') {
    const filters = bucket.groups.map(({ label, when }) => ({ input: toQuery(when), label }));
    return { ...base, dataType: 'string', operationType: 'filters', params: { filters } };
  }
  const byName = bucket.order === 'name';
  const params = {
    exclude: [],
    excludeIsRegex: false,
    include: [],
    includeIsRegex: false,
    missingBucket: false,
    orderBy: byName ? { fallback: false, type: 'alphabetical' } : { columnId: measure, type: 'column' },
    orderDirection: byName ? 'asc' : 'desc',
    otherBucket: bucket.rest,
    parentFormat: { id: 'terms' },
    secondaryFields: [],
    size: bucket.size,
  };
  return { ...base, dataType: toDataType(bucket.field), operationType: 'terms', params, sourceField: bucket.field.name };
}

const operations: Readonly<Record<MeasureDefinition['kind'], string>> = {
  count: 'count',
  unique: 'unique_count',
  sum: 'sum',
  average: 'average',
  min: 'min',
  max: 'max',
  median: 'median',
  percentile: 'percentile',
  last: 'last_value',
};

function compileMeasure(measure: MeasureDefinition): object {
  const { kind, label, field, when } = measure;
  const base = {
    customLabel: true,
    isBucketed: false,
    label,
    operationType: operations[kind],
    scale: 'ratio',
    sourceField: field?.name ?? '___records___',
    ...(when === undefined ? {} : { filter: toQuery(when) }),
  };
  if (field !== undefined && kind === 'last') return compileLast(base, field, when);
  const dataType = field !== undefined && (kind === 'min' || kind === 'max') ? toDataType(field) : 'number';
  const format = dataType === 'number' ? { format: toFormat(measure) } : {};
  const own = kind === 'percentile' ? { percentile: measure.percent } : { emptyAsNull: true };
  return { ...base, dataType, params: { ...own, ...format } };
}

/** Kibana's newest value looks at events that have the field only. */
function compileLast(base: object, field: DashboardField, when: Condition | undefined): object {
  const dataType = toDataType(field);
  const exists: Condition = { kind: 'exists', field: field.name };
  const filter = toQuery(when === undefined ? exists : { kind: 'and', conditions: [exists, when] });
  const format = dataType === 'number' ? { format: toFormat({ kind: 'last', field }) } : {};
  const scale = dataType === 'number' ? 'ratio' : 'ordinal';
  return { ...base, dataType, filter, params: { showArrayValues: false, sortField: '@timestamp', ...format }, scale };
}

/** Kibana's names of the units of time that mappings have. */
const durations: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', micros: 'microseconds', nanos: 'nanoseconds' };

function toFormat({ kind, field }: Pick<MeasureDefinition, 'kind' | 'field'>): object {
  const number = { id: 'number', params: { decimals: kind === 'average' ? 1 : 0 } };
  if (kind === 'count' || kind === 'unique' || field?.unit === undefined) return number;
  if (field.unit === 'byte') return { id: 'bytes', params: { decimals: 1 } };
  const fromUnit = durations[field.unit];
  return fromUnit === undefined ? number : { id: 'duration', params: { compact: true, decimals: 1, fromUnit, toUnit: 'humanizePrecise' } };
}

const dataTypes: Readonly<Record<string, string>> = {
  keyword: 'string',
  constant_keyword: 'string',
  wildcard: 'string',
  ip: 'ip',
  boolean: 'boolean',
  date: 'date',
};

function toDataType({ type }: DashboardField): string {
  return dataTypes[type] ?? 'number';
}
