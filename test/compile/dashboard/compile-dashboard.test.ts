import { describe, expect, it } from 'vitest';
import { compileDashboard, type SavedObject, toDashboardId } from '../../../src/compile/dashboard/compile-dashboard.ts';
import { chart, dashboard, withDashboards } from './dashboards.ts';

const controls = [{ title: 'Actor', field: { name: 'user.name', type: 'keyword' } }];
const first = dashboard('first', [chart('metric', 'Number'), chart('time', 'Series')], { controls });
const second = dashboard('second', [chart('metric', 'Number')], { streams: ['audit', 'logpull'] });
const definition = withDashboards(first, second);

interface Panel {
  readonly panelIndex: string;
  readonly gridData: object;
  readonly embeddableConfig: { readonly attributes: { readonly references: SavedObject['references']; readonly links: readonly object[] } };
}

function panelsOf({ attributes }: SavedObject): readonly Panel[] {
  return attributes.panelsJSON as readonly Panel[];
}

const compiled = compileDashboard(first, definition);
const dataView = (name: string) => ({ id: 'logs-*', name, type: 'index-pattern' });

describe('compileDashboard', () => {
  it('names the versions that 8.19 knows, the package in title and id, and no key that Kibana would refuse', () => {
    const { attributes, id, references: _, ...rest } = compiled;
    expect(rest).toEqual({ type: 'dashboard', coreMigrationVersion: '8.8.0', typeMigrationVersion: '10.2.0' });
    expect(id).toBe(toDashboardId('first', definition));
    expect(id).toMatch(/^cloudflare_api-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(attributes).toMatchObject({ title: '[Logs Cloudflare API] Title of first', description: 'About.', timeRestore: false, version: 3 });
    expect(Object.keys(attributes).toSorted()).toEqual([
      'controlGroupInput',
      'description',
      'kibanaSavedObjectMeta',
      'optionsJSON',
      'panelsJSON',
      'timeRestore',
      'title',
      'version',
    ]);
    expect(compileDashboard(second, definition).attributes).not.toHaveProperty('controlGroupInput');
  });

  it('refers to the data view of each panel twice: in the panel, and with its id in front in the dashboard', () => {
    const lens = panelsOf(compiled).slice(1);
    expect(lens).toHaveLength(2);
    for (const { panelIndex, embeddableConfig } of lens) {
      const { references } = embeddableConfig.attributes;
      expect(references).toHaveLength(2);
      expect(references).toEqual(references.map(({ name }) => dataView(name)));
      for (const { name } of references) expect(compiled.references).toContainEqual(dataView(`${panelIndex}:${name}`));
    }
  });

  it("filters by the streams' datasets, by a reference of its own", () => {
    const indexRefName = 'kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index';
    expect(compiled.references[0]).toEqual(dataView(indexRefName));
    expect(compiled.attributes.kibanaSavedObjectMeta).toMatchObject({
      searchSourceJSON: { filter: [{ meta: { indexRefName, params: { query: 'cloudflare_api.audit' } } }], query: { language: 'kuery', query: '' } },
    });
    expect(compileDashboard(second, definition).attributes.kibanaSavedObjectMeta).toMatchObject({
      searchSourceJSON: { filter: [{ meta: { params: ['cloudflare_api.audit', 'cloudflare_api.logpull'] } }] },
    });
  });

  it('gives a control one id as key, in its input and in its reference, and the data view in both places', () => {
    const { panelsJSON } = compiled.attributes.controlGroupInput as { readonly panelsJSON: Readonly<Record<string, unknown>> };
    const [id = ''] = Object.keys(panelsJSON);
    expect(panelsJSON).toMatchObject({ [id]: { explicitInput: { dataViewId: 'logs-*', fieldName: 'user.name', id, title: 'Actor' }, order: 0 } });
    expect(compiled.references).toContainEqual(dataView(`controlGroup_${id}:optionsListDataView`));
  });

  it('begins with links to every dashboard', () => {
    const [links] = panelsOf(compiled);
    expect(links).toMatchObject({
      type: 'links',
      gridData: { x: 0, y: 0, w: 48, i: links?.panelIndex },
      embeddableConfig: {
        attributes: {
          links: [
            { label: 'Title of first', order: 0, options: { useCurrentFilters: false } },
            { label: 'Title of second', order: 1 },
          ],
        },
      },
    });
    const targets = compiled.references.filter(({ name, type }) => type === 'dashboard' && name.startsWith(`${links?.panelIndex}:link_`));
    expect(targets.map(({ id }) => id)).toEqual(['first', 'second'].map((name) => toDashboardId(name, definition)));
  });

  it('gives panels of different dashboards, and all parts of a panel, ids of their own, the same every time', () => {
    const [one, other] = [compiled, compileDashboard(second, definition)].map((object) => panelsOf(object).map(({ panelIndex }) => panelIndex));
    expect(new Set([...(one ?? []), ...(other ?? [])]).size).toBe(5);
    expect(compileDashboard(first, definition)).toEqual(compiled);
  });
});
