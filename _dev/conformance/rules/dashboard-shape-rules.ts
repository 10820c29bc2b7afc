import { type DashboardUnderTest, isIdle, onDashboards, panelsOf } from '../list-dashboards.ts';
import type { Data, PackageUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

/** What Kibana from 8.14 on takes; any other key of attributes makes it refuse the whole package. */
const attributes = new Set([
  'title',
  'description',
  'kibanaSavedObjectMeta',
  'timeRestore',
  'timeFrom',
  'timeTo',
  'refreshInterval',
  'controlGroupInput',
  'panelsJSON',
  'optionsJSON',
  'version',
]);
const controlKeys = new Set(['chainingSystem', 'controlStyle', 'ignoreParentSettingsJSON', 'panelsJSON', 'showApplySelections']);

function findShape({ file, content }: DashboardUnderTest, { name }: PackageUnderTest): readonly string[] {
  const { id, type, coreMigrationVersion, typeMigrationVersion } = content;
  const unknown = Object.keys(content.attributes ?? {}).filter((key) => !attributes.has(key));
  const unknownControls = Object.keys(content.attributes?.controlGroupInput ?? {}).filter((key) => !controlKeys.has(key));
  return [
    ...(file === `kibana/dashboard/${id}.json` && String(id).startsWith(`${name}-`) ? [] : [`${file}: the id ${id} is not the name of the file`]),
    ...(type === 'dashboard' ? [] : [`${file}: the type is ${type}`]),
    ...(coreMigrationVersion === '8.8.0' && typeMigrationVersion === '10.2.0'
      ? []
      : [`${file}: ${coreMigrationVersion} and ${typeMigrationVersion} are not the versions that Kibana 8.19 knows`]),
    ...[...unknown, ...unknownControls].map((key) => `${file}: Kibana does not know the key ${key}`),
    ...(JSON.stringify(content).includes('{{') ? [`${file}: a template stands in it`] : []),
  ];
}

/** The layers of a Lens panel by id. */
function layersOf({ embeddableConfig }: Data): Readonly<Record<string, Data>> {
  return embeddableConfig?.attributes?.state?.datasourceStates?.formBased?.layers ?? {};
}

function lensOf(dashboard: DashboardUnderTest): readonly Data[] {
  return panelsOf(dashboard).filter(({ type }) => type === 'lens');
}

const accessorKeys = ['metricAccessor', 'secondaryMetricAccessor', 'xAccessor', 'yAccessor', 'valueAccessor', 'splitAccessor'];
const accessorLists = ['accessors', 'metrics', 'primaryGroups'];

/** The columns that a visualisation draws. */
function toAccessors(visualization: Data): readonly string[] {
  const parts: readonly Data[] = [visualization, ...(visualization?.layers ?? [])];
  return parts.flatMap((part) => [
    ...accessorKeys.flatMap((key) => part?.[key] ?? []),
    ...accessorLists.flatMap((key) => part?.[key] ?? []),
    ...(part?.columns ?? []).map(({ columnId }: Data) => columnId),
  ]);
}

function findColumns(dashboard: DashboardUnderTest): readonly string[] {
  return lensOf(dashboard).flatMap((panel) => {
    const layers = Object.values(layersOf(panel));
    const columns: Readonly<Record<string, Data>> = Object.assign({}, ...layers.map((layer) => layer.columns));
    const drawn = toAccessors(panel.embeddableConfig?.attributes?.state?.visualization);
    const faults = [
      ...(layers.length === 0 ? ['has no layer'] : []),
      ...layers.filter((layer) => !isOrder(layer)).map(() => 'does not order each column once, buckets first'),
      ...drawn.filter((id) => columns[id] === undefined).map((id) => `draws ${id}, which is no column`),
      ...Object.keys(columns)
        .filter((id) => !drawn.includes(id))
        .map((id) => `does not draw the column ${id}`),
      ...Object.values(columns).flatMap((column) => findColumnFaults(column, columns)),
    ];
    return faults.map((fault) => `${dashboard.file}: the panel ${panel.panelIndex} ${fault}`);
  });
}

function isOrder({ columnOrder, columns }: Data): boolean {
  const buckets: readonly boolean[] = columnOrder.map((id: string) => columns[id]?.isBucketed === true);
  const sorted = [...columnOrder].toSorted().join() === Object.keys(columns).toSorted().join();
  return sorted && buckets.lastIndexOf(true) < (buckets.includes(false) ? buckets.indexOf(false) : buckets.length);
}

function findColumnFaults({ operationType, params, sourceField, label }: Data, columns: Readonly<Record<string, Data>>): readonly string[] {
  const order = params?.orderBy?.type === 'column' ? columns[params.orderBy.columnId] : undefined;
  const unranked = operationType === 'terms' && params?.orderBy?.type === 'column' && (order === undefined || order.isBucketed);
  return [
    ...(unranked ? [`ranks ${label} by what is no measure`] : []),
    ...(operationType === 'count' && sourceField !== '___records___' ? [`counts ${sourceField}`] : []),
  ];
}

function toWanted(dashboard: DashboardUnderTest): readonly string[] {
  const { content } = dashboard;
  const filters: readonly Data[] = content.attributes?.kibanaSavedObjectMeta?.searchSourceJSON?.filter ?? [];
  const controls: readonly string[] = Object.values(content.attributes?.controlGroupInput?.panelsJSON ?? {}).map(({ explicitInput }: Data) => explicitInput.id);
  const ofPanels = panelsOf(dashboard).flatMap(({ panelIndex, embeddableConfig }) => {
    const { references = [], links = [] } = embeddableConfig?.attributes ?? {};
    const drilldowns: readonly Data[] = embeddableConfig?.enhancements?.dynamicActions?.events ?? [];
    const names = [
      ...references.map(({ name }: Data) => name),
      ...links.flatMap(({ destinationRefName }: Data) => destinationRefName ?? []),
      ...drilldowns.map(({ action, eventId }) => `drilldown:${action.factoryId}:${eventId}:dashboardId`),
    ];
    return names.map((name) => `${panelIndex}:${name}`);
  });
  return [...filters.map(({ meta }) => meta.indexRefName), ...controls.map((id) => `controlGroup_${id}:optionsListDataView`), ...ofPanels];
}

function findReferences(dashboard: DashboardUnderTest, { files }: PackageUnderTest): readonly string[] {
  const { file, content } = dashboard;
  const references: readonly Data[] = content.references ?? [];
  const names: readonly string[] = references.map(({ name }) => name);
  const wanted = toWanted(dashboard);
  const dangling = references.filter(({ id, type }) => (type === 'index-pattern' ? id !== 'logs-*' : !files.has(`kibana/${type}/${id}.json`)));
  const own = lensOf(dashboard).flatMap((panel) => {
    const { references: kept = [], state } = panel.embeddableConfig?.attributes ?? {};
    const needed = [
      ...Object.keys(layersOf(panel)).map((id) => `indexpattern-datasource-layer-${id}`),
      ...(state?.filters ?? []).map(({ meta }: Data) => meta?.index),
    ];
    const has: readonly string[] = kept.map(({ name }: Data) => name);
    return [
      ...needed.filter((name) => !has.includes(name)).map((name) => `${file}: the panel ${panel.panelIndex} does not refer to ${name}`),
      ...has.filter((name) => !needed.includes(name)).map((name) => `${file}: the panel ${panel.panelIndex} refers to ${name} in vain`),
    ];
  });
  return [
    ...wanted.filter((name) => !names.includes(name)).map((name) => `${file}: nothing is referenced as ${name}`),
    ...names.filter((name) => !wanted.includes(name)).map((name) => `${file}: the reference ${name} is used by nothing`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${file}: the reference ${name} stands twice`),
    ...dangling.map(({ id, type }) => `${file} refers to the ${type} ${id}, which is not there`),
    ...own,
  ];
}

const COLUMNS = 48;

function findPlaces(dashboard: DashboardUnderTest): readonly string[] {
  const panels = panelsOf(dashboard);
  const ids = panels.map(({ panelIndex }) => panelIndex);
  const overlaps = panels.flatMap((one, index) =>
    panels
      .slice(index + 1)
      .filter((other) => isOver(one.gridData, other.gridData))
      .map((other) => [one, other]),
  );
  const faults = [
    ...panels
      .filter(({ gridData, panelIndex }) => gridData?.i !== panelIndex)
      .map(({ panelIndex }) => `the place of the panel ${panelIndex} is that of another`),
    ...panels
      .filter(({ gridData }) => !(gridData?.x >= 0 && gridData.w > 0 && gridData.h > 0 && gridData.x + gridData.w <= COLUMNS))
      .map(({ panelIndex }) => `the panel ${panelIndex} stands outside`),
    ...overlaps.map(([one, other]) => `the panels ${one.panelIndex} and ${other.panelIndex} overlap`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two panels are called ${id}`),
  ];
  return faults.map((fault) => `${dashboard.file}: ${fault}`);
}

function isOver(one: Data, other: Data): boolean {
  return one?.x < other?.x + other?.w && other?.x < one?.x + one?.w && one?.y < other?.y + other?.h && other?.y < one?.y + one?.h;
}

/** What Kibana needs of a dashboard, where its own answer would be a panel that is missing without a word. */
export const dashboardShapeRules: readonly Rule[] = [
  { id: 'K4', checks: 'the saved object has the id of its file, known keys only, and versions that 8.19 knows', isIdle, check: onDashboards(findShape) },
  { id: 'K5', checks: 'each Lens layer orders its columns, buckets first, and draws all of them', isIdle, check: onDashboards(findColumns) },
  { id: 'K6', checks: 'every reference is there twice where it is needed, and none is left over or dangling', isIdle, check: onDashboards(findReferences) },
  { id: 'K7', checks: 'panels stand within the 48 columns and do not overlap', isIdle, check: onDashboards(findPlaces) },
];
