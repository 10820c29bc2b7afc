import type { Dashboard } from '../../../_dev/dashboards/saved-object/dashboard.ts';
import { findFields } from '../../../_dev/dashboards/search/find-fields.ts';
import type { DataPanel } from '../../../_dev/dashboards/search/read-panel-rows.ts';
import type { TimeRange } from '../../../_dev/dashboards/search/time-range.ts';
import { type Search, toDocumentSearch, toSearch } from '../../../_dev/dashboards/search/to-search.ts';
import { askEngine } from '../../../_dev/elasticsearch/ask-engine.ts';
import { compileFields } from '../../../src/compile/compile-fields.ts';
import type { PackageDefinition } from '../../../src/definition/definition.ts';
import type { Scene } from '../../e2e/open-scene.ts';

/** The searches of a panel. */
export function listSearches(dashboard: Dashboard, panel: DataPanel, range: TimeRange): readonly Search[] {
  if (panel.kind === 'search') return [toDocumentSearch(dashboard, panel, { range, size: 1 })];
  return panel.layers.map((layer) => toSearch(dashboard, panel, { layer, range }));
}

/** Every field that a panel asks by, found in its searches. */
export function listPanelFields(dashboard: Dashboard, panel: DataPanel, range: TimeRange): readonly string[] {
  return findFields(listSearches(dashboard, panel, range));
}

/** The datasets that a search is about: each value of `data_stream.dataset` in its query. */
export function listDatasets(search: Search): readonly string[] {
  const found = JSON.stringify(search.body.query).matchAll(/"data_stream\.dataset":"([^"]+)"/gu);
  return [...new Set([...found].map(([, dataset]) => String(dataset)))].toSorted();
}

/** The names of the fields that the compiled package declares for some datasets. */
export function listDeclared(definition: PackageDefinition, datasets: readonly string[]): ReadonlySet<string> {
  const streams = definition.streams.filter(({ name }) => datasets.includes(`${definition.name}.${name}`));
  const entries = streams.flatMap((stream) => Object.values(compileFields(stream, definition)).flat() as readonly { readonly name: string }[]);
  return new Set(entries.map(({ name }) => name));
}

/** The type of each field that an index of the scene's package has, as Elasticsearch says. */
export async function readFieldTypes({ engine, name }: Scene): Promise<ReadonlyMap<string, string>> {
  const { body } = await askEngine(engine, { path: `/logs-${name}.*/_field_caps?fields=*` });
  const { fields } = body as { readonly fields: Readonly<Record<string, Readonly<Record<string, object>>>> };
  return new Map(Object.entries(fields).map(([field, types]) => [field, Object.keys(types).find((type) => type !== 'unmapped') ?? '']));
}

const RUNTIME_TYPES: Readonly<Record<string, string>> = { integer: 'long', short: 'long', float: 'double', half_float: 'double', scaled_float: 'double' };

/** The type of the runtime field that can stand in for an indexed one. */
export function toRuntimeType(type: string): string {
  const kept = ['boolean', 'date', 'double', 'geo_point', 'ip', 'long'];
  return kept.includes(type) ? type : (RUNTIME_TYPES[type] ?? 'keyword');
}
