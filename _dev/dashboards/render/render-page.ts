import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Handlebars from 'handlebars';
import type { Control, Dashboard } from '../saved-object/dashboard.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import type { TimeRange } from '../search/time-range.ts';
import { formatTime } from './number-style.ts';
import { type ToFile, toPanelView } from './to-panel-view.ts';

/** What stands on a dashboard's page. */
export interface PageContent {
  readonly dashboard: Dashboard;
  readonly range: TimeRange;
  /** Rows of the panels that show data, by panel id. */
  readonly rows: Readonly<Record<string, PanelRows>>;
  /** Values of each control, by its id. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const SHOWN_VALUES = 8;

const handlebars = Handlebars.create();
// A closing tag in a text would end the script.
handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c'));

/**
 * Renders a dashboard as a page that needs no other file and no network.
 * @throws DashboardFault for what is not known here
 */
export function renderPage({ dashboard, range, rows, values }: PageContent, toFile: ToFile): string {
  const { id, title, description, controls, panels } = dashboard;
  const template = handlebars.compile(readFileSync(new URL('./page.hbs', import.meta.url), 'utf8'), { strict: false });
  return template({
    ...{ title, description, library: loadLibrary() },
    range: `${formatTime(range.from)} to ${formatTime(range.to)} UTC`,
    controls: controls.map((control) => toControlView(control, values[control.id] ?? [])),
    panels: panels.map((panel) => ({
      ...panel,
      column: panel.place.x + 1,
      row: panel.place.y + 1,
      view: toPanelView(panel, rows[panel.id] ?? {}, { dashboardId: id, toFile }),
    })),
  });
}

function toControlView({ title }: Control, values: readonly string[]): object {
  return { title, count: values.length, values: values.slice(0, SHOWN_VALUES).join(', ') };
}

function loadLibrary(): string {
  return readFileSync(createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js'), 'utf8');
}
