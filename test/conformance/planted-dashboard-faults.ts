import type { Data } from '../../_dev/conformance/package-under-test.ts';
import { DASHBOARD, type PlantedFault, plant, put } from './plant.ts';
import { tinyDashboard } from './tiny-dashboard.ts';

/** The tiny package with a dashboard that is changed. */
function change(id: string, says: string, edit: (dashboard: Data) => void): PlantedFault {
  const dashboard = structuredClone(tinyDashboard) as Data;
  edit(dashboard);
  return put(id, says, { [DASHBOARD]: JSON.stringify(dashboard, null, 1) });
}

/** Faults of dashboards. */
export const plantedDashboardFaults: readonly PlantedFault[] = [
  plant('K1', 'the panel w (visualization) is no Lens panel by value', [DASHBOARD, '"type": "markdown"', '"type": "pie"']),
  plant('K2', 'has no filter on data_stream.dataset', [DASHBOARD, '"match_phrase"', '"match"'], [DASHBOARD, 'data_stream.dataset', 'event.dataset']),
  plant('K2', 'the panel q has no filter', [DASHBOARD, 'data_stream.dataset: \\"tiny.s\\"', 'data_stream.dataset: \\"other.s\\"']),
  plant('K3', 'does not begin with the integration', [DASHBOARD, '[Logs Tiny Cloudflare] ', '']),
  plant('K3', 'tiny.s.gone is not declared', [DASHBOARD, 'tiny.s.what', 'tiny.s.gone']),
  plant('K3', 'source.port is not declared', [DASHBOARD, 'source.ip: *', 'source.port >= 3']),
  plant('K3', 'event.gone is not declared', [DASHBOARD, '"event.category"', '"event.gone"']),
  plant('K3', 'error.message is of type match_only_text, which has no terms', [DASHBOARD, 'tiny.s.what', 'error.message']),
  plant('K4', 'the id tiny-2 is not the name of the file', [DASHBOARD, '"id": "tiny-1",\n "type"', '"id": "tiny-2",\n "type"']),
  plant('K4', '10.3.0 are not the versions', [DASHBOARD, '10.2.0', '10.3.0']),
  plant('K4', 'does not know the key colour', [DASHBOARD, '"controlGroupInput": {', '"colour": 1, "controlGroupInput": {']),
  plant('K4', 'a template stands in it', [DASHBOARD, 'Words.', '{{Words}}']),
  plant('K5', 'does not order each column once', [DASHBOARD, '"columnOrder": [', '"columnOrder": [ "top",']),
  plant('K5', 'draws gone, which is no column', [DASHBOARD, '"visualization": {', '"visualization": { "xAccessor": "gone",']),
  plant('K5', 'ranks What by what is no measure', [DASHBOARD, '"columnId": "number",', '"columnId": "top",']),
  plant('K5', 'counts source.ip', [DASHBOARD, '___records___', 'source.ip']),
  plant('K6', 'nothing is referenced as p:indexpattern', [DASHBOARD, '"name": "p:indexpattern', '"name": "q:indexpattern']),
  plant('K6', 'nothing is referenced as controlGroup_other:', [DASHBOARD, '"id": "k"', '"id": "other"']),
  plant('K6', 'does not refer to g', [DASHBOARD, '"index": "f"', '"index": "g"']),
  plant('K6', 'refers to the dashboard tiny-2, which is not there', [DASHBOARD, '"id": "tiny-1",\n   "name": "r:', '"id": "tiny-2", "name": "r:']),
  plant('K7', 'the panels p and q overlap', [DASHBOARD, '"x": 24', '"x": 23']),
  plant('K7', 'the panel r stands outside', [DASHBOARD, '"y": 9,\n     "w": 48', '"y": 9, "w": 49']),
  plant('K7', 'is that of another', [DASHBOARD, '"i": "r"', '"i": "s"']),
  change('K1', 'has no panel', (dashboard) => {
    dashboard.attributes.panelsJSON = [];
    dashboard.references = dashboard.references.filter(({ name }: Data) => /^(kibana|control)/.test(name));
  }),
  plant('K1', 'was made on a snapshot', [DASHBOARD, 'Words.', 'Words of 9.2.0-SNAPSHOT.']),
  put('K1', 'kibana/lens/one.json is a visualisation of the library', { 'kibana/lens/one.json': '{}' }),
  change('K4', 'the type is search', (dashboard) => {
    dashboard.type = 'search';
  }),
  change('K5', 'does not draw the column number', ({ attributes }) => {
    attributes.panelsJSON[0].embeddableConfig.attributes.state.visualization.columns.pop();
  }),
  change('K5', 'the panel p has no layer', (dashboard) => {
    const kept = ({ name }: Data): boolean => !String(name).includes('indexpattern-datasource-layer');
    const panel = dashboard.attributes.panelsJSON[0].embeddableConfig.attributes;
    panel.state.datasourceStates.formBased.layers = {};
    panel.state.visualization.columns = [];
    panel.references = panel.references.filter(kept);
    dashboard.references = dashboard.references.filter(kept);
  }),
  change('K6', 'stands twice', ({ references }) => {
    references.push(references[0]);
  }),
  change('K7', 'two panels are called r', ({ attributes }) => {
    Object.assign(attributes.panelsJSON[3], { panelIndex: 'r', gridData: { ...attributes.panelsJSON[3].gridData, i: 'r' } });
  }),
];
