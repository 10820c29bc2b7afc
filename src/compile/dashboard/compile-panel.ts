import type { ChartDefinition, EventsDefinition, MarkdownDefinition, PanelDefinition } from '../../definition/dashboard-definition.ts';
import { compileColumns, toQuery } from './compile-columns.ts';
import { compileDatasetFilter, type Reference, renderDatasets, toDataView } from './compile-dataset-filter.ts';
import { compileVisualization } from './compile-visualization.ts';

/** A panel without its place. */
export interface CompiledPanel {
  /** Kibana's type of the panel. */
  readonly type: 'lens' | 'search' | 'visualization' | 'links';
  readonly title: string;
  readonly embeddableConfig: object;
  /** What the dashboard refers to for it; the names do not begin with the panel's id yet. */
  readonly references: readonly Reference[];
}

/** What a panel needs to know of its surroundings. */
export interface PanelContext {
  readonly datasets: readonly string[];
  /** Makes an id of a name that is unique in the panel. */
  readonly toId: (name: string) => string;
  /** Id of the saved object of a dashboard. */
  readonly toDashboardId: (name: string) => string;
}

/** A declared panel as Kibana keeps it inside a dashboard: by value, filtered by its datasets. */
export function compilePanel(panel: PanelDefinition, context: PanelContext): CompiledPanel {
  if (panel.kind === 'markdown') return compileMarkdown(panel);
  return panel.kind === 'events' ? compileEvents(panel, context) : compileChart(panel, context);
}

function compileChart(chart: ChartDefinition, context: PanelContext): CompiledPanel {
  const { datasets, toId } = context;
  const [layerId, index] = [toId('layer'), toId('filter')];
  const columns = compileColumns(chart, toId);
  const visualization = compileVisualization(chart, columns, layerId);
  const layer = { columnOrder: columns.columnOrder, columns: columns.columns, ignoreGlobalFilters: false, incompleteColumns: {}, sampling: 1 };
  const state = {
    adHocDataViews: {},
    datasourceStates: { formBased: { layers: { [layerId]: layer } }, indexpattern: { layers: {} }, textBased: { layers: {} } },
    filters: [compileDatasetFilter(datasets, { index })],
    internalReferences: [],
    query: toQuery(chart.when),
    visualization: visualization.state,
  };
  const references = [toDataView(`indexpattern-datasource-layer-${layerId}`), toDataView(index)];
  const drilldown = compileDrilldown(chart, context);
  return {
    type: 'lens',
    title: chart.title,
    embeddableConfig: {
      attributes: { references, state, title: '', type: 'lens', visualizationType: visualization.type },
      description: chart.question,
      enhancements: drilldown.enhancements,
      hidePanelTitles: chart.kind === 'metric',
    },
    references: [...references, ...drilldown.references],
  };
}

interface Drilldown {
  readonly enhancements: object;
  readonly references: readonly Reference[];
}

function compileDrilldown({ opens }: ChartDefinition, { toId, toDashboardId }: PanelContext): Drilldown {
  if (opens === undefined) return { enhancements: {}, references: [] };
  const [factoryId, eventId] = ['DASHBOARD_TO_DASHBOARD_DRILLDOWN', toId('drilldown')];
  const config = { openInNewTab: false, useCurrentDateRange: true, useCurrentFilters: true };
  const event = { action: { config, factoryId, name: 'Look closer' }, eventId, triggers: ['FILTER_TRIGGER'] };
  return {
    enhancements: { dynamicActions: { events: [event] } },
    references: [{ id: toDashboardId(opens), name: `drilldown:${factoryId}:${eventId}:dashboardId`, type: 'dashboard' }],
  };
}

const INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';

function compileEvents({ title, question, columns, when }: EventsDefinition, { datasets }: PanelContext): CompiledPanel {
  const references = [toDataView(INDEX)];
  const asked = when === undefined ? renderDatasets(datasets) : `${renderDatasets(datasets)} and (${toQuery(when).query})`;
  const searchSourceJSON = { filter: [], highlightAll: true, indexRefName: INDEX, query: { language: 'kuery', query: asked } };
  const search = { columns, description: '', grid: {}, kibanaSavedObjectMeta: { searchSourceJSON }, references, sort: [['@timestamp', 'desc']], title: '' };
  return {
    type: 'search',
    title,
    embeddableConfig: { attributes: search, description: question, enhancements: {}, hidePanelTitles: false },
    references,
  };
}

function compileMarkdown({ title, text }: MarkdownDefinition): CompiledPanel {
  const params = { fontSize: 12, markdown: text, openLinksInNewTab: false };
  const savedVis = { data: { aggs: [], searchSource: {} }, description: '', params, title: '', type: 'markdown', uiState: {} };
  return { type: 'visualization', title, embeddableConfig: { enhancements: {}, hidePanelTitles: true, savedVis }, references: [] };
}
