import { DashboardFault } from '../dashboard-fault.ts';
import { toQueries } from '../kql/to-query.ts';
import { countsRecords, type NamedColumn } from './columns.ts';

type Body = Readonly<Record<string, unknown>>;

/** Name of the aggregation inside a filter's. */
export const FILTERED = 'filtered';

/** Column properties that change numbers and are not understood here. */
const UNKNOWN = ['timeScale', 'timeShift', 'reducedTimeRange'];

/**
 * The aggregation of a metric; undefined where the count of the bucket is all that is asked for.
 * @throws DashboardFault for an operation that is not known here
 */
export function toMetricAggregation(column: NamedColumn): Body | undefined {
  const unknown = UNKNOWN.find((name) => column[name] !== undefined && column[name] !== '');
  if (unknown !== undefined) throw new DashboardFault(`column ${column.label}: ${unknown} is not known here`);
  const value = toValueAggregation(column);
  const [filter] = column.filter === undefined ? [] : toQueries(column.filter.query);
  if (filter === undefined) return value;
  return { filter, ...(value !== undefined && { aggs: { [FILTERED]: value } }) };
}

/**
 * How `order` names a metric.
 * @throws DashboardFault where it can't be ordered by
 */
export function findMetricPath(column: NamedColumn | undefined): string {
  if (column === undefined) throw new DashboardFault('a bucket is ordered by a column that is no metric of its layer');
  const suffix = { median: '.50', standard_deviation: '.std_deviation', percentile: `.${Number(column.params?.percentile)}` }[column.operationType] ?? '';
  if (column.operationType === 'last_value') throw new DashboardFault(`column ${column.label}: nothing can be ordered by a last value`);
  const counts = countsRecords(column);
  if (column.filter === undefined) return counts ? '_count' : `${column.id}${suffix}`;
  return counts ? `${column.id}._count` : `${column.id}>${FILTERED}${suffix}`;
}

function toValueAggregation(column: NamedColumn): Body | undefined {
  const { sourceField: field, operationType, params = {} } = column;
  if (countsRecords(column)) return undefined;
  if (field === undefined) throw new DashboardFault(`column ${column.label}: ${operationType} needs a field`);
  switch (operationType) {
    case 'count':
      return { value_count: { field } };
    case 'unique_count':
      return { cardinality: { field } };
    case 'sum':
    case 'min':
    case 'max':
      return { [operationType]: { field } };
    case 'average':
      return { avg: { field } };
    case 'median':
      return { percentiles: { field, percents: [50], keyed: false } };
    case 'percentile':
      return { percentiles: { field, percents: [Number(params.percentile)], keyed: false } };
    case 'standard_deviation':
      return { extended_stats: { field } };
    case 'last_value':
      return { top_hits: { size: 1, _source: false, fields: [field], sort: [{ [String(params.sortField)]: 'desc' }] } };
    default:
      throw new DashboardFault(`column ${column.label}: the operation ${operationType} is not known here`);
  }
}
