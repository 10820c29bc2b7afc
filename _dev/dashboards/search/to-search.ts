import { toQueries } from '../kql/to-query.ts';
import type { Dashboard, ElasticsearchQuery, Layer, LensPanel, Restriction, SearchPanel } from '../saved-object/dashboard.ts';
import { listColumns } from './columns.ts';
import type { TimeRange } from './time-range.ts';
import { toBucketAggregation } from './to-bucket-aggregation.ts';
import { findMetricPath, toMetricAggregation } from './to-metric-aggregation.ts';

/** Aggregations by name. */
export type Aggregations = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A search as Elasticsearch takes it. */
export interface Search {
  readonly index: string;
  readonly body: {
    readonly size: number;
    readonly track_total_hits: true;
    readonly query: ElasticsearchQuery;
    readonly aggs?: Aggregations;
    readonly fields?: readonly string[];
    readonly sort?: readonly Readonly<Record<string, string>>[];
    readonly _source?: false;
  };
}

/** Fleet's data view has this time field. */
export const TIME_FIELD = '@timestamp';

/**
 * The search behind one layer of a panel: what the dashboard, the panel and the time range leave, aggregated as its columns say.
 * @throws DashboardFault for columns and queries that are not known here
 */
export function toSearch(dashboard: Restriction, panel: LensPanel, { layer, range }: { readonly layer: Layer; readonly range: TimeRange }): Search {
  const restrictions = layer.ignoresDashboard ? [panel] : [dashboard, panel];
  const aggs = nest(layer, range);
  return {
    index: layer.index,
    body: {
      size: 0,
      track_total_hits: true,
      query: { bool: { filter: [toTimeQuery(range), ...restrictions.flatMap(toRestrictionQueries)] } },
      ...(Object.keys(aggs).length > 0 && { aggs }),
    },
  };
}

/** The search behind a panel that lists documents; as many as it has room for. */
export function toDocumentSearch(dashboard: Restriction, panel: SearchPanel, { range, size }: { readonly range: TimeRange; readonly size: number }): Search {
  const query = { bool: { filter: [toTimeQuery(range), ...[dashboard, panel].flatMap(toRestrictionQueries)] } };
  const sort = panel.sort.map(([field, direction]) => ({ [field]: direction }));
  return { index: panel.index, body: { size, track_total_hits: true, query, sort, fields: [TIME_FIELD, ...panel.columns], _source: false } };
}

/** Documents of a time range. */
export function toTimeQuery({ from, to }: TimeRange): ElasticsearchQuery {
  return { range: { [TIME_FIELD]: { gte: from, lt: to, format: 'epoch_millis' } } };
}

/** What narrows a search down, as queries. */
export function toRestrictionQueries({ filters, kql }: Restriction): readonly ElasticsearchQuery[] {
  return [...filters, ...toQueries(kql)];
}

/** The values of a control's field, the most frequent first. */
export function toControlSearch({ filters, kql }: Dashboard, control: { readonly field: string; readonly index: string }, range: TimeRange): Search {
  const query = { bool: { filter: [toTimeQuery(range), ...toRestrictionQueries({ filters, kql })] } };
  return { index: control.index, body: { size: 0, track_total_hits: true, query, aggs: { values: { terms: { field: control.field, size: 100 } } } } };
}

/** Buckets inside buckets, metrics in the innermost; a bucket that is ordered by metrics has them, too. */
function nest(layer: Layer, range: TimeRange): Aggregations {
  const { buckets, metrics } = listColumns(layer);
  const values: Aggregations = Object.fromEntries(
    metrics.flatMap((column) => {
      const aggregation = toMetricAggregation(column);
      return aggregation === undefined ? [] : [[column.id, aggregation]];
    }),
  );
  const findPath = (id: string): string => findMetricPath(metrics.find((metric) => metric.id === id));
  const nestFrom = (depth: number): Aggregations => {
    const column = buckets[depth];
    if (column === undefined) return values;
    const { body, needsMetrics } = toBucketAggregation(column, { range, findPath });
    const aggs = { ...(needsMetrics && values), ...nestFrom(depth + 1) };
    return { [column.id]: { ...body, ...(Object.keys(aggs).length > 0 && { aggs }) } };
  };
  return nestFrom(0);
}
