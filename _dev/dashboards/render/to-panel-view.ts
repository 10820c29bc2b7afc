import { marked } from 'marked';
import { DashboardFault } from '../dashboard-fault.ts';
import type { LensPanel, Panel } from '../saved-object/dashboard.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import { toHeatmapOption } from './to-heatmap-option.ts';
import { type Metric, toMetrics } from './to-metrics.ts';
import { toPieOption } from './to-pie-option.ts';
import { type Table, toDocumentTable, toTable } from './to-table.ts';
import { type ChartOption, toXyOption } from './to-xy-option.ts';

/** What a panel shows: one of these is there, or nothing was found. */
export interface PanelView {
  readonly isEmpty?: true;
  readonly chart?: ChartOption;
  readonly table?: Table;
  readonly metrics?: readonly Metric[];
  readonly html?: string;
  readonly links?: readonly { readonly label: string; readonly href: string; readonly isHere: boolean }[];
}

/** Gives the file of a dashboard's page. */
export type ToFile = (dashboardId: string) => string;

/**
 * Makes of a panel and its rows what a page shows.
 * @throws DashboardFault for a kind of chart that is not known here
 */
export function toPanelView(panel: Panel, rows: PanelRows, { dashboardId, toFile }: { readonly dashboardId: string; readonly toFile: ToFile }): PanelView {
  switch (panel.kind) {
    case 'markdown':
      return { html: marked.parse(panel.markdown, { async: false }) };
    case 'links':
      return {
        links: panel.links.map(({ label, dashboard, url = '' }) => ({
          label,
          href: dashboard === undefined ? url : toFile(dashboard),
          isHere: dashboard === dashboardId,
        })),
      };
    case 'search':
      return isEmpty(rows) ? { isEmpty: true } : { table: toDocumentTable(panel, rows) };
    case 'lens':
      return isEmpty(rows) ? { isEmpty: true } : toLensView(panel, rows);
  }
}

/** Whether no row has a number or a text besides what the rows are by. */
function isEmpty(rows: PanelRows): boolean {
  return Object.values(rows).every((own) => own.every((row) => Object.values(row).every((cell) => cell === null)));
}

function toLensView(panel: LensPanel, rows: PanelRows): PanelView {
  switch (panel.chart) {
    case 'lnsXY':
      return { chart: toXyOption(panel, rows) };
    case 'lnsPie':
      return { chart: toPieOption(panel, rows) };
    case 'lnsHeatmap':
      return { chart: toHeatmapOption(panel, rows) };
    case 'lnsDatatable':
      return { table: toTable(panel, rows) };
    case 'lnsMetric':
      return { metrics: toMetrics(panel, rows) };
    default:
      throw new DashboardFault(`panel ${panel.title}: the chart ${panel.chart} is not known here`);
  }
}
