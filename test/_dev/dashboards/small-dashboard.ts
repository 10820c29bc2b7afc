import type { Dashboard, LensPanel } from '../../../_dev/dashboards/saved-object/dashboard.ts';
import { readDashboard } from '../../../_dev/dashboards/saved-object/read-dashboard.ts';
import type { StoredColumn } from '../../../_dev/dashboards/saved-object/stored.ts';

/** What a test puts into the small dashboard. */
export interface SmallDashboard {
  readonly columns?: Readonly<Record<string, StoredColumn>>;
  readonly columnOrder?: readonly string[];
  /** In Kibana's query language. */
  readonly kql?: string;
  readonly dataset?: string;
  readonly visualizationType?: string;
  readonly visualization?: Readonly<Record<string, unknown>>;
  readonly ignoreGlobalFilters?: boolean;
}

/** Counts all documents. */
export const COUNT: StoredColumn = { operationType: 'count', label: 'Events', dataType: 'number', isBucketed: false, sourceField: '___records___' };

/** The three largest values of a field, by the column `count`. */
export function termsOf(sourceField: string, params: Readonly<Record<string, unknown>> = {}): StoredColumn {
  const order = { orderBy: { type: 'column', columnId: 'count' }, orderDirection: 'desc' };
  return { operationType: 'terms', label: sourceField, dataType: 'string', isBucketed: true, sourceField, params: { size: 3, ...order, ...params } };
}

/** Buckets of time. */
export const TIME: StoredColumn = {
  ...{ operationType: 'date_histogram', label: '@timestamp', dataType: 'date', isBucketed: true, sourceField: '@timestamp' },
  params: { interval: '1h', includeEmptyRows: false },
};

/** A dashboard as it stands in a built package: one panel `p` with one layer `l`, one control, links to another dashboard. */
export function writeSmallDashboard(given: SmallDashboard = {}) {
  const { columns = { count: COUNT }, dataset = 'cloudflare_api.audit', kql = '' } = given;
  const layer = { columns, columnOrder: given.columnOrder ?? Object.keys(columns), ignoreGlobalFilters: given.ignoreGlobalFilters ?? false };
  const filterOf = (meta: object): object => ({
    meta: { disabled: false, negate: false, ...meta },
    query: { match_phrase: { 'data_stream.dataset': dataset } },
  });
  const dataView = (name: string): object => ({ type: 'index-pattern', id: 'logs-*', name });
  const lens = {
    ...{ type: 'lens', title: 'Small', panelIndex: 'p', gridData: { x: 0, y: 4, w: 24, h: 10, i: 'p' } },
    embeddableConfig: {
      attributes: {
        references: [dataView('indexpattern-datasource-layer-l'), dataView('f')],
        state: {
          datasourceStates: { formBased: { layers: { l: layer } } },
          filters: [filterOf({ index: 'f' })],
          query: { language: 'kuery', query: kql },
          visualization: given.visualization ?? { layerId: 'l', layerType: 'data', metricAccessor: 'count' },
        },
        visualizationType: given.visualizationType ?? 'lnsMetric',
      },
    },
  };
  const links = {
    ...{ type: 'links', title: 'Links', panelIndex: 'n', gridData: { x: 0, y: 0, w: 48, h: 4, i: 'n' } },
    embeddableConfig: {
      attributes: { links: [{ type: 'dashboardLink', label: 'Other', order: 0, destinationRefName: 'link_a_dashboard' }] },
      hidePanelTitles: true,
    },
  };
  const control = { type: 'optionsListControl', order: 0, explicitInput: { id: 'c', fieldName: 'event.action', title: 'Action' } };
  return {
    ...{ id: 'small-1', type: 'dashboard' },
    attributes: {
      title: '[Logs Test] Small dashboard',
      panelsJSON: JSON.stringify([links, lens]) as unknown,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ filter: [filterOf({ indexRefName: 'd' })], query: { language: 'kuery', query: '' } }) },
      controlGroupInput: { panelsJSON: JSON.stringify({ c: control }) },
    },
    references: [
      ...[dataView('d'), dataView('p:indexpattern-datasource-layer-l'), dataView('p:f'), dataView('controlGroup_c:optionsListDataView')],
      { type: 'dashboard', id: 'other-1', name: 'n:link_a_dashboard' },
    ] as { readonly name: string; readonly type: string; readonly id: string }[],
  };
}

/** The small dashboard, read. */
export function readSmallDashboard(given: SmallDashboard = {}): { readonly dashboard: Dashboard; readonly panel: LensPanel } {
  const dashboard = readDashboard(JSON.stringify(writeSmallDashboard(given)));
  return { dashboard, panel: dashboard.panels.find(({ id }) => id === 'p') as LensPanel };
}
