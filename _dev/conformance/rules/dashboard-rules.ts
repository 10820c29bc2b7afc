import type { Data, PackageUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

interface Dashboard {
  readonly file: string;
  readonly content: Data;
}

/** Kinds of panel that are no old visualisation. */
const modern = new Set(['lens', 'links', 'DASHBOARD_MARKDOWN', 'markdown', 'search', 'map', 'image', 'slo_overview']);

function listDashboards({ files }: PackageUnderTest): readonly Dashboard[] {
  const found = [...files].filter(([path]) => /^kibana\/dashboard\/[^/]+\.json$/.test(path));
  return found.map(([file, text]) => ({ file, content: JSON.parse(text) as Data }));
}

function onDashboards(find: (dashboard: Dashboard, tested: PackageUnderTest) => readonly string[]): Rule['check'] {
  return (tested) => listDashboards(tested).flatMap((dashboard) => find(dashboard, tested));
}

function panelsOf({ content }: Dashboard): readonly Data[] {
  return content.attributes?.panelsJSON ?? [];
}

/** Every value below that stands under a key. */
function valuesOf(content: Data, key: string): readonly Data[] {
  if (typeof content !== 'object' || content === null) return [];
  return Object.entries(content).flatMap(([name, value]) => [...(name === key ? [value] : []), ...valuesOf(value, key)]);
}

function findPanels(dashboard: Dashboard, { files }: PackageUnderTest): readonly string[] {
  const library = [...files.keys()].filter((path) => /^kibana\/(visualization|lens)\//.test(path));
  const wrong = panelsOf(dashboard).filter(
    ({ type, embeddableConfig }) => !modern.has(type) || (type === 'lens' && embeddableConfig?.attributes === undefined),
  );
  return [
    ...wrong.map(({ panelIndex, type }) => `${dashboard.file}: the panel ${panelIndex} (${type}) is no Lens panel by value`),
    ...(panelsOf(dashboard).length === 0 ? [`${dashboard.file} has no panel`] : []),
    ...(JSON.stringify(dashboard.content).includes('SNAPSHOT') ? [`${dashboard.file} was made on a snapshot`] : []),
    ...library.map((path) => `${path} is a visualisation of the library`),
  ];
}

function isScoped(content: Data): boolean {
  return JSON.stringify(content ?? {}).includes('data_stream.dataset');
}

function findScope(dashboard: Dashboard): readonly string[] {
  const { file, content } = dashboard;
  const names = new Set((content.references ?? []).map(({ name }: Data) => name));
  const wanted = [
    ...valuesOf(content.attributes?.kibanaSavedObjectMeta, 'indexRefName'),
    ...panelsOf(dashboard).flatMap(({ panelIndex, embeddableConfig }) =>
      (embeddableConfig?.attributes?.references ?? []).map(({ name }: Data) => `${panelIndex}:${name}`),
    ),
  ];
  const panels = panelsOf(dashboard).filter(({ type, embeddableConfig }) => type === 'lens' && !isScoped(embeddableConfig?.attributes?.state));
  return [
    ...(isScoped(content.attributes?.kibanaSavedObjectMeta) ? [] : [`${file} has no filter on data_stream.dataset`]),
    ...panels.map(({ panelIndex }) => `${file}: the panel ${panelIndex} has no filter on data_stream.dataset`),
    ...wanted.filter((name) => !names.has(name)).map((name) => `${file}: nothing is referenced as ${name}`),
  ];
}

/** Columns that no field stands behind. */
const noField = new Set(['___records___', '']);

function findNames({ file, content }: Dashboard, { streams }: PackageUnderTest): readonly string[] {
  const declared = new Set(streams.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const used = ['sourceField', 'fieldName'].flatMap((key) => valuesOf(content, key)).filter((name) => typeof name === 'string' && !noField.has(name));
  const title = String(content.attributes?.title ?? '');
  return [
    ...(/^\[[^\]]*Cloudflare[^\]]*\] \S/.test(title) ? [] : [`${file}: the title ${title} does not begin with the integration in brackets`]),
    ...[...new Set(used)].filter((name) => !declared.has(name)).map((name) => `${file}: ${name} is not declared`),
  ];
}

function isIdle(tested: PackageUnderTest): string | undefined {
  return listDashboards(tested).length === 0 ? 'Dashboards: the package has none yet; the check is ready for the first.' : undefined;
}

/** Rules on dashboards. */
export const dashboardRules: readonly Rule[] = [
  { id: 'K1', checks: 'panels are Lens and by value, none of the library, not from a snapshot', isIdle, check: onDashboards(findPanels) },
  { id: 'K2', checks: 'dashboards and panels filter on data_stream.dataset; no dangling reference', isIdle, check: onDashboards(findScope) },
  { id: 'K3', checks: 'titles begin with the integration; every field used is declared', isIdle, check: onDashboards(findNames) },
];
