import { DashboardFault } from '../dashboard-fault.ts';
import type { LensPanel } from '../saved-object/dashboard.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import { toLegend } from './chart-parts.ts';
import { toColour } from './colours.ts';
import { toNumberStyle } from './number-style.ts';
import type { ChartOption } from './to-xy-option.ts';

interface PieVisualization {
  readonly shape: string;
  readonly layers: readonly { readonly layerId: string; readonly primaryGroups: readonly string[]; readonly metrics: readonly string[] }[];
}

/**
 * The chart of shares of one whole.
 * @throws DashboardFault for a shape that is not known here, and for rings inside of rings
 */
export function toPieOption(panel: LensPanel, rows: PanelRows): ChartOption {
  const { shape, layers } = panel.visualization as unknown as PieVisualization;
  const [{ layerId, primaryGroups, metrics } = { layerId: '', primaryGroups: [], metrics: [] }] = layers;
  const [group = '', ...moreGroups] = primaryGroups;
  const [metric = '', ...moreMetrics] = metrics;
  const column = panel.layers.find(({ id }) => id === layerId)?.columns[metric];
  if (!['pie', 'donut'].includes(shape)) throw new DashboardFault(`panel ${panel.title}: the shape ${shape} is not known here`);
  if (column === undefined || moreGroups.length + moreMetrics.length > 0)
    throw new DashboardFault(`panel ${panel.title}: only one group and one metric are known`);
  const slices = (rows[layerId] ?? []).map((row, index) => {
    const name = row[group] ?? null;
    return { name: String(name), value: row[metric], itemStyle: { color: toColour(name, index) } };
  });
  const { legend, width } = toLegend(slices.map(({ name }) => name));
  const series = {
    ...{ type: 'pie', data: slices, radius: [shape === 'donut' ? '40%' : 0, '68%'], left: 0, right: width, top: 4, bottom: 4 },
    ...{ percentPrecision: 1, minShowLabelAngle: 12, label: { formatter: '{d}%', color: '#343741', overflow: 'none' } },
    labelLine: { length: 6, length2: 6 },
    itemStyle: { borderColor: '#fff', borderWidth: 1 },
  };
  const style = toNumberStyle(
    column,
    slices.map(({ value = null }) => value),
  );
  return { animation: false, legend, tooltip: { trigger: 'item', confine: true, valueFormatter: style }, series: [series] };
}
