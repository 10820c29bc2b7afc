import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findChromium } from '../../../_dev/dashboards/browser/find-chromium.ts';
import { type Browser, openBrowser, type SeenPanel } from '../../../_dev/dashboards/browser/open-browser.ts';
import { findRange } from '../../../_dev/dashboards/find-range.ts';
import { readDashboards } from '../../../_dev/dashboards/read-dashboards.ts';
import { readControlValues, readPageContent } from '../../../_dev/dashboards/read-page-content.ts';
import { renderPage } from '../../../_dev/dashboards/render/render-page.ts';
import type { Dashboard } from '../../../_dev/dashboards/saved-object/dashboard.ts';
import { createAsk } from '../../../_dev/dashboards/search/ask.ts';
import { isDataPanel, type PanelRows, readPanelRows } from '../../../_dev/dashboards/search/read-panel-rows.ts';
import type { TimeRange } from '../../../_dev/dashboards/search/time-range.ts';
import { toPageName, writePages } from '../../../_dev/dashboards/write-pages.ts';
import { toImageSize } from '../../../src/compile/to-image-size.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import { PROJECT } from '../../cli/run-cli.ts';
import { engineOrSkip } from '../../engines.ts';
import { toDescribe } from '../../skipping.ts';
import { type FilledScene, openFilledScene } from './filled-scene.ts';
import { listDatasets, listDeclared, listPanelFields, listSearches, readFieldTypes, toRuntimeType } from './panel-fields.ts';
import { COUNT, readSmallDashboard, termsOf } from './small-dashboard.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const chromium = findChromium(process.env);
const names = readDashboards(await readDefinition(PROJECT)).map(toPageName);

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const MAX_PICTURE_BYTES = 500_000;

let opening: Promise<FilledScene> | undefined;
let filled: FilledScene;

/** Both groups of tests look at the same data; it is made when the first one runs. */
async function fill(): Promise<void> {
  opening ??= openFilledScene(engine);
  filled = await opening;
}

afterAll(async () => {
  await (await opening)?.scene.close();
});

/** A dashboard of the scene's package, and the time that it shows. */
async function findDashboard(name: string): Promise<{ readonly dashboard: Dashboard; readonly range: TimeRange }> {
  const dashboard = filled.dashboards.find((candidate) => toPageName(candidate) === name);
  if (dashboard === undefined) throw new Error(`there is no dashboard ${name}`);
  return { dashboard, range: await findRange(engine, dashboard) };
}

/** Whether a layer's rows say nothing: there are none, or their numbers are zero or missing. */
function saysNothing(rows: PanelRows): boolean {
  return Object.values(rows).some((own) => own.every((row) => Object.values(row).every((cell) => cell === null || cell === 0)));
}

describeEngine('the dashboards of the compiled package', () => {
  beforeAll(fill);

  it('are those that the package promises', () => {
    expect(names).toEqual(['audit-investigation', 'audit-overview', 'collection-health', 'performance', 'security', 'traffic', 'zero-trust-access']);
  });

  it.each(names)('%s: every panel has rows', async (name) => {
    const { dashboard, range } = await findDashboard(name);
    const panels = dashboard.panels.filter(isDataPanel);
    expect(panels.length).toBeGreaterThanOrEqual(8);
    const empty: string[] = [];
    for (const panel of panels) {
      const rows = await readPanelRows(createAsk(engine), { dashboard, panel, range });
      if (saysNothing(rows)) empty.push(`${panel.title}: ${JSON.stringify(rows).slice(0, 200)}`);
    }
    expect(empty).toEqual([]);
  });

  it.each(names)('%s: every panel changes when one of its fields is taken away', async (name) => {
    const { dashboard, range } = await findDashboard(name);
    const types = await readFieldTypes(filled.scene);
    const unchanged: string[] = [];
    for (const panel of dashboard.panels.filter(isDataPanel)) {
      const before = JSON.stringify(await readPanelRows(createAsk(engine), { dashboard, panel, range }));
      for (const field of listPanelFields(dashboard, panel, range)) {
        const without = createAsk(engine, { field, type: toRuntimeType(types.get(field) ?? '') });
        const after = JSON.stringify(await readPanelRows(without, { dashboard, panel, range }));
        if (after === before) unchanged.push(`${panel.title}: ${field}`);
      }
    }
    expect(unchanged).toEqual([]);
  });

  it.each(names)('%s: asks by declared fields of its data streams alone', async (name) => {
    const { dashboard, range } = await findDashboard(name);
    const unknown = dashboard.panels.filter(isDataPanel).flatMap((panel) => {
      const datasets = listSearches(dashboard, panel, range).flatMap(listDatasets);
      const declared = listDeclared(filled.scene.definition, datasets);
      expect(declared.size, `${panel.title} is about ${datasets.join(', ') || 'no data stream'}`).toBeGreaterThan(10);
      return listPanelFields(dashboard, panel, range).filter((field) => !declared.has(field));
    });
    expect(unknown).toEqual([]);
  });

  it.each(names)('%s: every control offers values', async (name) => {
    const { dashboard, range } = await findDashboard(name);
    expect(dashboard.controls.length).toBeGreaterThan(0);
    const offers = await Promise.all(dashboard.controls.map((control) => readControlValues(createAsk(engine), { dashboard, control, range })));
    expect(offers.filter((values) => values.length === 0)).toEqual([]);
  });

  it('would be found without rows, if they asked by a field that no event has', async () => {
    const { range } = await findDashboard('audit-overview');
    const dataset = `${filled.scene.name}.audit`;
    const rowsOf = (field: string) => {
      const small = readSmallDashboard({ dataset, columns: { by: termsOf(field), count: COUNT } });
      return readPanelRows(createAsk(engine), { ...small, range });
    };
    expect(saysNothing(await rowsOf('event.action'))).toBe(false);
    expect(saysNothing(await rowsOf('cloudflare.audit.nothing'))).toBe(true);
  });

  it('do not change when a field is taken away that they do not ask by', async () => {
    const { dashboard, range } = await findDashboard('audit-overview');
    for (const panel of dashboard.panels.filter(isDataPanel)) {
      const without = createAsk(engine, { field: 'user_agent.original', type: 'keyword' });
      expect(await readPanelRows(without, { dashboard, panel, range })).toEqual(await readPanelRows(createAsk(engine), { dashboard, panel, range }));
    }
  });

  it('count what the largest buckets leave', async () => {
    const { range } = await findDashboard('audit-overview');
    const dataset = `${filled.scene.name}.audit`;
    const rowsOf = async (params: object): Promise<readonly number[]> => {
      const small = readSmallDashboard({ dataset, columns: { by: termsOf('event.action', { ...params }), count: COUNT } });
      return (await readPanelRows(createAsk(engine), { ...small, range })).l?.map((row) => Number(row.count)) ?? [];
    };
    const [all, some] = [await rowsOf({ size: 1000 }), await rowsOf({ size: 2, otherBucket: true })];
    expect(some).toEqual([all[0], all[1], all.slice(2).reduce((sum, count) => sum + count)]);
  });
});

const reason = 'there is no Chromium. Enable: install chromium, or set CHROMIUM to the path of the program';
const describePages = chromium === undefined ? toDescribe(reason) : describeEngine;

describePages('the pages of the dashboards', () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    await fill();
    folder = await mkdtemp(join(tmpdir(), 'dashboard-pages-'));
    browser = await openBrowser(chromium ?? '');
    await writePages(engine, filled.dashboards, folder);
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** What is wrong with a panel as a person would see it. */
  function judge({ text, shapes, isVisible, kind }: SeenPanel, isChart: boolean): readonly string[] {
    return [
      ...(isVisible ? [] : ['is not to be seen']),
      ...(/No results found|undefined|NaN|\[object/u.test(text) ? [`says ${text}`] : []),
      ...(isChart && shapes < 3 ? [`has ${shapes} shapes`] : []),
      ...(kind === 'lens' && !/\d/u.test(text) ? [`has no number: ${text}`] : []),
    ];
  }

  it('would be found with a panel that has no content', async () => {
    const file = join(folder, 'empty.html');
    const columns = { by: termsOf('cloudflare.audit.nothing'), count: COUNT };
    const { dashboard } = readSmallDashboard({ dataset: `${filled.scene.name}.audit`, columns });
    await writeFile(
      file,
      renderPage(await readPageContent(engine, dashboard), () => 'other.html'),
    );
    const { panels } = await browser.look(file);
    expect(panels.map((panel) => judge(panel, false))).toEqual([[], ['says Small\nNo results found', 'has no number: Small\nNo results found']]);
  });

  it.each(names)('%s: shows every panel with content, says that it is a preview, and needs no network', async (name) => {
    const { dashboard } = await findDashboard(name);
    const picture = join(folder, `${name}.png`);
    const seen = await browser.look(join(folder, `${name}.html`), picture);
    expect(seen).toMatchObject({ title: `${dashboard.title} (preview)`, troubles: [], requests: [] });
    expect(seen.notice).toMatch(/^PREVIEW drawn without Kibana/u);
    expect(seen.panels.map(({ id }) => id)).toEqual(dashboard.panels.map(({ id }) => id));
    const faults = dashboard.panels.flatMap((panel, index) => {
      const isChart = panel.kind === 'lens' && ['lnsXY', 'lnsPie', 'lnsHeatmap'].includes(panel.chart);
      return judge(seen.panels[index] as SeenPanel, isChart).map((fault) => `${panel.title} ${fault}`);
    });
    expect(faults).toEqual([]);
    expect(seen.controls.map((text) => /Any of [1-9]/u.test(text))).toEqual(dashboard.controls.map(() => true));
    const others = names.filter((other) => other !== name).map((other) => `${other}.html`);
    expect(seen.links.map((link) => basename(link)).toSorted()).toEqual(others);
    const bytes = await readFile(picture);
    expect(bytes.length).toBeLessThan(MAX_PICTURE_BYTES);
    expect(toImageSize(picture, bytes)).toMatch(/^1440x\d{3,4}$/u);
  });
});
