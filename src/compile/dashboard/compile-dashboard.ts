import type { DashboardDefinition } from '../../definition/dashboard-definition.ts';
import type { PackageDefinition } from '../../definition/definition.ts';
import { compileControls } from './compile-controls.ts';
import { compileDatasetFilter, type Reference, toDatasets, toDataView } from './compile-dataset-filter.ts';
import { compileLinks } from './compile-links.ts';
import { type CompiledPanel, compilePanel } from './compile-panel.ts';
import { layOutPanels, type Place } from './lay-out-panels.ts';
import { toUuid } from './to-uuid.ts';

/** A saved object of Kibana, with objects where Kibana keeps JSON text: the form of a package's sources. */
export interface SavedObject {
  readonly id: string;
  readonly type: 'dashboard';
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly coreMigrationVersion: string;
  readonly typeMigrationVersion: string;
}

/** Kibana refuses what is newer than it knows, and upgrades what is older: these fit 8.14 and every later version. */
const migrations = { coreMigrationVersion: '8.8.0', typeMigrationVersion: '10.2.0' } as const;

const LINKS: Place = { x: 0, y: 0, w: 48, h: 3 };
const FILTER = 'kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index';

/** Id of a dashboard's saved object; it stays as long as the package's and the file's names do, so that links to it last. */
export function toDashboardId(name: string, { name: packageName }: Pick<PackageDefinition, 'name'>): string {
  return `${packageName}-${toUuid(packageName, 'dashboard', name)}`;
}

/** The saved object of a declared dashboard: links on top, controls, then its panels in rows. */
export function compileDashboard(dashboard: DashboardDefinition, definition: PackageDefinition): SavedObject {
  const datasets = toDatasets(dashboard, definition.name);
  const toId = (...names: readonly string[]): string => toUuid(definition.name, 'dashboard', dashboard.name, ...names);
  const toTarget = (name: string): string => toDashboardId(name, definition);
  const contextOf = (panel: string) => ({ datasets, toId: (name: string) => toId(panel, name), toDashboardId: toTarget });
  const links = compileLinks(definition.dashboards, contextOf('links'));
  const placed = [
    placePanel(links, toId('links'), LINKS),
    ...layOutPanels(dashboard.panels, LINKS.h).map(({ panel, place }) => {
      const name = `panel ${panel.title}`;
      return placePanel(compilePanel(panel, contextOf(name)), toId(name), place);
    }),
  ];
  const controls = compileControls(dashboard.controls, toId);
  return {
    attributes: {
      ...controls.attributes,
      description: dashboard.description,
      kibanaSavedObjectMeta: {
        searchSourceJSON: { filter: [compileDatasetFilter(datasets, { indexRefName: FILTER })], query: { language: 'kuery', query: '' } },
      },
      optionsJSON: { hidePanelTitles: false, syncColors: false, syncCursor: true, syncTooltips: false, useMargins: true },
      panelsJSON: placed.map(({ panel }) => panel),
      timeRestore: false,
      title: `[Logs ${definition.title}] ${dashboard.title}`,
      version: 3,
    },
    id: toTarget(dashboard.name),
    references: [toDataView(FILTER), ...placed.flatMap(({ references }) => references), ...controls.references],
    type: 'dashboard',
    ...migrations,
  };
}

interface PlacedPanel {
  readonly panel: object;
  readonly references: readonly Reference[];
}

function placePanel({ type, title, embeddableConfig, references }: CompiledPanel, id: string, place: Place): PlacedPanel {
  return {
    panel: { embeddableConfig, gridData: { ...place, i: id }, panelIndex: id, title, type },
    references: references.map((reference) => ({ ...reference, name: `${id}:${reference.name}` })),
  };
}
