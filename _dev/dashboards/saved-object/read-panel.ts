import { DashboardFault } from '../dashboard-fault.ts';
import type { Layer, LensPanel, LinksPanel, Panel, SearchPanel } from './dashboard.ts';
import { decodeText } from './decode-text.ts';
import { createPanelFollow, type Follow, toFilterQueries } from './follow-references.ts';
import type { StoredLayer, StoredLens, StoredLink, StoredPanel, StoredQuery, StoredSearch, StoredSearchSource } from './stored.ts';

type Frame = Pick<Panel, 'id' | 'title' | 'hidesTitle' | 'description' | 'place'>;

/**
 * One panel, with its references followed through those of the dashboard.
 * @throws DashboardFault for a panel that Kibana would not show, or of a kind that is not known here
 */
export function readPanel(stored: StoredPanel, ofDashboard: Follow): Panel {
  const { gridData, panelIndex: id, embeddableConfig } = stored;
  if (gridData.i !== id) throw new DashboardFault(`panel ${id}: gridData.i is ${gridData.i}`);
  const { title = '' } = stored;
  const { description = '', hidePanelTitles: hidesTitle = false } = embeddableConfig;
  const frame: Frame = { id, title, hidesTitle, description, place: { x: gridData.x, y: gridData.y, w: gridData.w, h: gridData.h } };
  switch (stored.type) {
    case 'lens':
      return readLens(frame, embeddableConfig.attributes as StoredLens, ofDashboard);
    case 'search':
      return readSearch(frame, embeddableConfig.attributes as StoredSearch, ofDashboard);
    case 'links':
      return readLinks(frame, embeddableConfig.attributes as { readonly links: readonly StoredLink[] }, ofDashboard);
    case 'visualization':
      return readMarkdown(frame, embeddableConfig.savedVis);
    default:
      throw new DashboardFault(`panel ${id} is a ${stored.type}, which is not known here`);
  }
}

/**
 * The text of a query in Kibana's query language.
 * @throws DashboardFault for another language
 */
export function toKql({ language, query }: StoredQuery, where: string): string {
  if (language !== 'kuery') throw new DashboardFault(`${where}: a query is in ${language}, not in kuery`);
  return query;
}

function readLens(frame: Frame, { references, state, visualizationType }: StoredLens, ofDashboard: Follow): LensPanel {
  const where = `panel ${frame.id}`;
  const follow = createPanelFollow(references, { ofDashboard, panel: frame.id, where });
  const layers = Object.entries(state.datasourceStates.formBased?.layers ?? {});
  if (layers.length === 0) throw new DashboardFault(`${where} has no layer`);
  return {
    ...frame,
    kind: 'lens',
    chart: visualizationType,
    visualization: state.visualization,
    filters: toFilterQueries(state.filters, follow, where),
    kql: toKql(state.query, where),
    layers: layers.map(([id, layer]) => readLayer(id, layer, { follow, where })),
  };
}

function readLayer(
  id: string,
  { columnOrder, columns, ignoreGlobalFilters = false }: StoredLayer,
  { follow, where }: { readonly follow: Follow; readonly where: string },
): Layer {
  const index = follow('index-pattern', `indexpattern-datasource-layer-${id}`);
  const named = Object.keys(columns).toSorted();
  if (JSON.stringify(columnOrder.toSorted()) !== JSON.stringify(named)) {
    throw new DashboardFault(`${where}: columnOrder names ${columnOrder.join(', ')}, and the columns are ${named.join(', ')}`);
  }
  return { id, index, columnOrder, columns, ignoresDashboard: ignoreGlobalFilters };
}

function readSearch(frame: Frame, { columns, sort, references, kibanaSavedObjectMeta }: StoredSearch, ofDashboard: Follow): SearchPanel {
  const where = `panel ${frame.id}`;
  const follow = createPanelFollow(references, { ofDashboard, panel: frame.id, where });
  const { filter, query, indexRefName = '' } = decodeText<StoredSearchSource>(kibanaSavedObjectMeta.searchSourceJSON, 'searchSourceJSON');
  const index = follow('index-pattern', indexRefName);
  return { ...frame, kind: 'search', index, columns, sort, filters: toFilterQueries(filter, follow, where), kql: toKql(query, where) };
}

function readLinks(frame: Frame, { links }: { readonly links: readonly StoredLink[] }, ofDashboard: Follow): LinksPanel {
  const read = ({ type, label = '', destinationRefName = '', destination = '' }: StoredLink): LinksPanel['links'][number] =>
    type === 'dashboardLink' ? { label, dashboard: ofDashboard('dashboard', `${frame.id}:${destinationRefName}`) } : { label, url: destination };
  return { ...frame, kind: 'links', links: links.toSorted((a, b) => a.order - b.order).map(read) };
}

function readMarkdown(frame: Frame, savedVis: StoredPanel['embeddableConfig']['savedVis']): Panel {
  if (savedVis?.type !== 'markdown') throw new DashboardFault(`panel ${frame.id} is a visualization of the type ${savedVis?.type}, not markdown`);
  return { ...frame, kind: 'markdown', markdown: savedVis.params.markdown ?? '' };
}
