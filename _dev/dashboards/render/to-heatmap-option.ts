import type { LensPanel } from '../saved-object/dashboard.ts';
import type { StoredColumn } from '../saved-object/stored.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import type { Cell } from '../search/to-rows.ts';
import { formatTime, toNumberStyle } from './number-style.ts';
import type { ChartOption } from './to-xy-option.ts';

interface HeatmapVisualization {
  readonly layerId: string;
  readonly xAccessor: string;
  readonly yAccessor: string;
  readonly valueAccessor: string;
}

const SHADES = ['#E6F1F8', '#A6C8E0', '#6092C0', '#345F8A'];
const LABEL = { color: '#343741', fontSize: 12 };

/** The chart of a value at each meeting of two others. */
export function toHeatmapOption(panel: LensPanel, rows: PanelRows): ChartOption {
  const { layerId, xAccessor, yAccessor, valueAccessor } = panel.visualization as unknown as HeatmapVisualization;
  const own = rows[layerId] ?? [];
  const columns = panel.layers.find(({ id }) => id === layerId)?.columns ?? {};
  const isTime = columns[xAccessor]?.operationType === 'date_histogram';
  const listOf = (accessor: string): readonly Cell[] => [...new Set(own.map((row) => row[accessor] ?? null))];
  const xs = isTime ? listOf(xAccessor).toSorted((a, b) => Number(a) - Number(b)) : listOf(xAccessor);
  const ys = listOf(yAccessor);
  const values = own.flatMap((row) => row[valueAccessor] ?? []);
  const data = own.flatMap((row) => {
    const value = row[valueAccessor] ?? null;
    return value === null || value === 0 ? [] : [[xs.indexOf(row[xAccessor] ?? null), ys.indexOf(row[yAccessor] ?? null), value]];
  });
  const style = toNumberStyle(columns[valueAccessor] as StoredColumn, values);
  const numbers = data.map(([, , value]) => Number(value));
  const range = { min: Math.min(...numbers), max: Math.max(...numbers) };
  return {
    ...{ animation: false, grid: { left: 8, top: 12, bottom: 8, right: 76, containLabel: true } },
    tooltip: { confine: true, valueFormatter: style },
    xAxis: { type: 'category', data: xs.map((x) => (isTime ? formatTime(Number(x)).slice(5, 16) : String(x))), axisLabel: { ...LABEL, hideOverlap: true } },
    yAxis: { type: 'category', data: ys.map(String), inverse: true, axisLabel: { ...LABEL, interval: 0, width: 180, overflow: 'truncate' } },
    visualMap: { ...range, type: 'continuous', right: 4, top: 'center', itemHeight: 120, itemWidth: 12, inRange: { color: SHADES }, formatter: style },
    series: [{ type: 'heatmap', data, itemStyle: { borderColor: '#fff', borderWidth: 1 } }],
  };
}
