import { DashboardFault } from '../dashboard-fault.ts';
import { toQueries } from '../kql/to-query.ts';
import type { StoredQuery } from '../saved-object/stored.ts';
import { chooseIntervalMs } from './choose-interval.ts';
import type { NamedColumn } from './columns.ts';
import type { TimeRange } from './time-range.ts';

/** The aggregation of a bucket, without what is inside. */
export interface BucketAggregation {
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether it is ordered by a metric. */
  readonly needsMetrics: boolean;
}

interface BucketOptions {
  readonly range: TimeRange;
  /** How `order` names the metric of a column id. */
  readonly findPath: (columnId: string) => string;
}

interface TermsParams {
  readonly size: number;
  readonly orderBy: { readonly type: string; readonly columnId?: string; readonly maxDocCount?: number };
  readonly orderDirection: string;
  readonly missingBucket?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly includeIsRegex?: boolean;
  readonly excludeIsRegex?: boolean;
  readonly secondaryFields?: readonly string[];
}

/** What stands for documents without the field. */
export const MISSING = '(missing value)';

/**
 * The aggregation of a bucket column.
 * @throws DashboardFault for an operation that is not known here
 */
export function toBucketAggregation(column: NamedColumn, options: BucketOptions): BucketAggregation {
  switch (column.operationType) {
    case 'terms':
      return toTerms(column, column.params as unknown as TermsParams, options);
    case 'date_histogram':
      return { body: { date_histogram: toDateHistogram(column, options.range) }, needsMetrics: false };
    case 'filters':
      return { body: { filters: { filters: toFilters(column) } }, needsMetrics: false };
    default:
      throw new DashboardFault(`column ${column.label}: the operation ${column.operationType} is not known here`);
  }
}

function toTerms({ label, dataType, sourceField: field }: NamedColumn, params: TermsParams, { findPath }: BucketOptions): BucketAggregation {
  const { size, orderBy, orderDirection, missingBucket, include = [], exclude = [], secondaryFields = [] } = params;
  if (secondaryFields.length > 0) throw new DashboardFault(`column ${label}: several fields in one bucket are not known here`);
  if (orderBy.type !== 'column' && orderBy.type !== 'alphabetical') throw new DashboardFault(`column ${label}: the order ${orderBy.type} is not known here`);
  const path = orderBy.type === 'column' ? findPath(orderBy.columnId ?? '') : '_key';
  const terms = {
    field,
    size,
    order: { [path]: orderDirection },
    ...(missingBucket && dataType === 'string' && { missing: MISSING }),
    ...toChosen('include', include, params.includeIsRegex),
    ...toChosen('exclude', exclude, params.excludeIsRegex),
  };
  return { body: { terms }, needsMetrics: !path.startsWith('_') };
}

function toChosen(name: string, chosen: readonly string[], isRegex: boolean | undefined): object {
  return chosen.length === 0 ? {} : { [name]: isRegex ? chosen[0] : chosen };
}

/** Empty buckets between the bounds count, where the column wants them. */
function toDateHistogram({ sourceField: field, params = {} }: NamedColumn, range: TimeRange): object {
  const { interval, includeEmptyRows } = params as { readonly interval: string; readonly includeEmptyRows?: boolean };
  const step = interval === 'auto' ? { fixed_interval: `${chooseIntervalMs(range)}ms` } : toStep(interval);
  return {
    field,
    ...step,
    min_doc_count: includeEmptyRows ? 0 : 1,
    ...(includeEmptyRows && { extended_bounds: { min: range.from, max: range.to - 1 } }),
  };
}

/** Kibana counts in calendar units where it is one of them. */
function toStep(interval: string): object {
  return /^1[mhdwMqy]$/u.test(interval) ? { calendar_interval: interval } : { fixed_interval: interval };
}

function toFilters({ label, params = {} }: NamedColumn): Readonly<Record<string, object>> {
  const filters = params.filters as readonly { readonly input: StoredQuery; readonly label: string }[];
  const named = filters.map(({ input, label: name }) => [name || input.query || '*', toQueries(input.query)[0] ?? { match_all: {} }] as const);
  if (new Set(named.map(([name]) => name)).size < named.length) throw new DashboardFault(`column ${label}: two filters have one label`);
  return Object.fromEntries(named);
}
