import { type DashboardUnderTest, isIdle, onDashboards, panelsOf, valuesOf } from '../list-dashboards.ts';
import type { Data, PackageUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

/** Kinds of panel that are no old visualisation. */
const modern = new Set(['lens', 'links', 'DASHBOARD_MARKDOWN', 'markdown', 'search', 'map', 'image', 'slo_overview']);

function isModern({ type, embeddableConfig }: Data): boolean {
  if (type === 'visualization') return embeddableConfig?.savedVis?.type === 'markdown';
  return modern.has(type) && (type !== 'lens' || embeddableConfig?.attributes !== undefined);
}

function findPanels(dashboard: DashboardUnderTest, { files }: PackageUnderTest): readonly string[] {
  const library = [...files.keys()].filter((path) => /^kibana\/(visualization|lens)\//.test(path));
  const wrong = panelsOf(dashboard).filter((panel) => !isModern(panel));
  return [
    ...wrong.map(({ panelIndex, type }) => `${dashboard.file}: the panel ${panelIndex} (${type}) is no Lens panel by value`),
    ...(panelsOf(dashboard).length === 0 ? [`${dashboard.file} has no panel`] : []),
    ...(JSON.stringify(dashboard.content).includes('SNAPSHOT') ? [`${dashboard.file} was made on a snapshot`] : []),
    ...library.map((path) => `${path} is a visualisation of the library`),
  ];
}

function isScoped(content: Data, { name, streams }: PackageUnderTest): boolean {
  const text = JSON.stringify(content ?? {});
  return text.includes('data_stream.dataset') && streams.some((stream) => text.includes(`${name}.${stream.name}`));
}

/** What of a panel says which events it shows; undefined for a panel that shows none. */
function toScope({ type, embeddableConfig }: Data): Data {
  if (type === 'lens') return embeddableConfig?.attributes?.state?.filters ?? [];
  return type === 'search' ? (embeddableConfig?.attributes?.kibanaSavedObjectMeta ?? {}) : undefined;
}

function findScope(dashboard: DashboardUnderTest, tested: PackageUnderTest): readonly string[] {
  const { file, content } = dashboard;
  const unscoped = panelsOf(dashboard).filter((panel) => toScope(panel) !== undefined && !isScoped(toScope(panel), tested));
  return [
    ...(isScoped(content.attributes?.kibanaSavedObjectMeta, tested) ? [] : [`${file} has no filter on data_stream.dataset`]),
    ...unscoped.map(({ panelIndex }) => `${file}: the panel ${panelIndex} has no filter on data_stream.dataset`),
  ];
}

/** Columns that no field stands behind. */
const noField = new Set(['___records___', '']);

/** Names of fields in texts of Kibana's query language. */
function toAskedFields(query: string): readonly string[] {
  const unquoted = query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  return [...unquoted.matchAll(/([\w@.]+)\s*(?::|[<>]=?)/g)].map(([, name]) => String(name));
}

function findNames({ file, content }: DashboardUnderTest, { streams }: PackageUnderTest): readonly string[] {
  const declared = new Set(streams.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const named = ['sourceField', 'fieldName', 'sortField', 'field'].flatMap((key) => valuesOf(content, key));
  const columns = panelsOf({ file, content }).flatMap(({ type, embeddableConfig }) => (type === 'search' ? embeddableConfig.attributes.columns : []));
  const asked = valuesOf(content, 'query').flatMap((query) => (typeof query === 'string' ? toAskedFields(query) : []));
  const used = [...named, ...columns, ...asked].filter((name) => typeof name === 'string' && !noField.has(name));
  const title = String(content.attributes?.title ?? '');
  return [
    ...(/^\[[^\]]*Cloudflare[^\]]*\] \S/.test(title) ? [] : [`${file}: the title ${title} does not begin with the integration in brackets`]),
    ...[...new Set(used)].filter((name) => !declared.has(name)).map((name) => `${file}: ${name} is not declared`),
  ];
}

const numbers = ['long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float'];
const values = ['keyword', 'constant_keyword', 'wildcard', 'ip', 'boolean', ...numbers];
/** Types of fields that Lens offers for an operation. */
const fitting: Readonly<Record<string, readonly string[]>> = {
  terms: values,
  unique_count: [...values, 'date'],
  last_value: [...values, 'date'],
  min: [...numbers, 'date'],
  max: [...numbers, 'date'],
  ...Object.fromEntries(['sum', 'average', 'median', 'percentile'].map((operation) => [operation, numbers])),
};

function findTypes({ file, content }: DashboardUnderTest, { streams }: PackageUnderTest): readonly string[] {
  const types = new Map(streams.flatMap(({ fields }) => fields.map(({ name, type }) => [name, type] as const)));
  const columns: readonly Data[] = valuesOf(content, 'columns').flatMap((found) => Object.values(found ?? {}));
  const unfit = columns.filter(({ operationType, sourceField }) => {
    const type = types.get(sourceField);
    return type !== undefined && fitting[operationType]?.includes(type) === false;
  });
  return unfit.map(({ operationType, sourceField }) => `${file}: ${sourceField} is of type ${types.get(sourceField)}, which has no ${operationType}`);
}

/** Rules of Elastic's guidelines on dashboards. */
export const dashboardRules: readonly Rule[] = [
  { id: 'K1', checks: 'panels are Lens and by value, none of the library, not from a snapshot', isIdle, check: onDashboards(findPanels) },
  { id: 'K2', checks: "dashboards and panels filter on data_stream.dataset, by the package's own", isIdle, check: onDashboards(findScope) },
  { id: 'K3', checks: 'titles begin with the integration; every field used is declared', isIdle, check: onDashboards(findNames) },
  { id: 'K3', checks: 'every field is of a type that Lens offers for what is asked of it', isIdle, check: onDashboards(findTypes) },
];
