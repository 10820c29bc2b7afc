/** The one dashboard of the tiny package: a control, a table, the latest events, and a link to itself. */

const ID = 'tiny-1';
const FILTER = 'kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index';
const INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';
const LAYER = 'indexpattern-datasource-layer-l';

function toFilter(meta: object): object {
  return { meta: { ...meta, field: 'data_stream.dataset' }, query: { match_phrase: { 'data_stream.dataset': 'tiny.s' } } };
}

function toView(name: string): object {
  return { id: 'logs-*', name, type: 'index-pattern' };
}

const columns = {
  top: { isBucketed: true, label: 'What', operationType: 'terms', params: { orderBy: { columnId: 'number', type: 'column' } }, sourceField: 'tiny.s.what' },
  number: { isBucketed: false, label: 'Events', operationType: 'count', sourceField: '___records___' },
};

const table = {
  type: 'lens',
  panelIndex: 'p',
  gridData: { x: 0, y: 0, w: 24, h: 9, i: 'p' },
  embeddableConfig: {
    attributes: {
      references: [toView(LAYER), toView('f')],
      state: {
        datasourceStates: { formBased: { layers: { l: { columnOrder: ['top', 'number'], columns } } } },
        filters: [toFilter({ index: 'f' })],
        query: { language: 'kuery', query: 'event.kind: "a: b" and source.ip: *' },
        visualization: { columns: [{ columnId: 'top' }, { columnId: 'number' }] },
      },
    },
    enhancements: { dynamicActions: { events: [{ action: { factoryId: 'D' }, eventId: 'e' }] } },
  },
};

const latest = {
  type: 'search',
  panelIndex: 'q',
  gridData: { x: 24, y: 0, w: 24, h: 9, i: 'q' },
  embeddableConfig: {
    attributes: {
      columns: ['event.category'],
      references: [toView(INDEX)],
      kibanaSavedObjectMeta: { searchSourceJSON: { indexRefName: INDEX, query: { language: 'kuery', query: 'data_stream.dataset: "tiny.s"' } } },
    },
  },
};

const links = {
  type: 'links',
  panelIndex: 'r',
  gridData: { x: 0, y: 9, w: 48, h: 4, i: 'r' },
  embeddableConfig: { attributes: { links: [{ destinationRefName: 'link_x_dashboard', type: 'dashboardLink' }] } },
};

const words = {
  type: 'visualization',
  panelIndex: 'w',
  gridData: { x: 0, y: 13, w: 48, h: 4, i: 'w' },
  embeddableConfig: { savedVis: { type: 'markdown', params: { markdown: 'Words.' } } },
};

/** The saved object, as the source form of a package has it. */
export const tinyDashboard = {
  id: ID,
  type: 'dashboard',
  coreMigrationVersion: '8.8.0',
  typeMigrationVersion: '10.2.0',
  attributes: {
    title: '[Logs Tiny Cloudflare] Overview',
    controlGroupInput: { panelsJSON: { k: { explicitInput: { fieldName: 'tags', id: 'k' } } } },
    kibanaSavedObjectMeta: { searchSourceJSON: { filter: [toFilter({ indexRefName: FILTER })] } },
    panelsJSON: [table, latest, links, words],
  },
  references: [
    toView(FILTER),
    toView(`p:${LAYER}`),
    toView('p:f'),
    { id: ID, name: 'p:drilldown:D:e:dashboardId', type: 'dashboard' },
    toView(`q:${INDEX}`),
    { id: ID, name: 'r:link_x_dashboard', type: 'dashboard' },
    toView('controlGroup_k:optionsListDataView'),
  ],
};
