import type { ChartDefinition } from '../../definition/dashboard-definition.ts';
import type { LensColumns } from './compile-columns.ts';

/** How Lens draws a chart. */
export interface Visualization {
  /** Lens' name of the kind, e.g. `lnsXY`. */
  readonly type: string;
  readonly state: object;
}

type Compile = (chart: ChartDefinition, columns: LensColumns, layer: Layer) => Visualization;

interface Layer {
  readonly layerId: string;
  readonly layerType: 'data';
}

const compilers: Readonly<Record<ChartDefinition['kind'], Compile>> = {
  metric: compileMetric,
  time: compileTime,
  bar: compileBar,
  donut: compileDonut,
  table: compileTable,
  heatmap: compileHeatmap,
};

/** The visualisation of a chart whose columns lie in one layer. */
export function compileVisualization(chart: ChartDefinition, columns: LensColumns, layerId: string): Visualization {
  return compilers[chart.kind](chart, columns, { layerId, layerType: 'data' });
}

const colors = {
  assignments: [],
  colorMode: { type: 'categorical' },
  paletteId: 'eui_amsterdam_color_blind',
  specialAssignments: [{ color: { type: 'loop' }, rule: { type: 'other' }, touched: false }],
};

function compileMetric(_: ChartDefinition, { measures: [first, second] }: LensColumns, layer: Layer): Visualization {
  const secondary = second === undefined ? {} : { secondaryMetricAccessor: second };
  return { type: 'lnsMetric', state: { ...layer, color: '#54B399', metricAccessor: first, ...secondary, showBar: false } };
}

const seriesTypes = { bars: 'bar_stacked', lines: 'line', areas: 'area_stacked', shares: 'bar_percentage_stacked' } as const;

function compileTime({ style }: ChartDefinition, { measures, buckets: [split], time }: LensColumns, layer: Layer): Visualization {
  const seriesType = seriesTypes[style];
  const lines = style === 'lines' ? { curveType: 'LINEAR', fittingFunction: 'Linear' } : {};
  const drawn = { accessors: measures, xAccessor: time, ...(split === undefined ? {} : { splitAccessor: split }) };
  return toXy({ ...layer, ...drawn, seriesType }, { legend: split !== undefined || measures.length > 1, more: lines });
}

function compileBar(_: ChartDefinition, { measures, buckets: [axis, split] }: LensColumns, layer: Layer): Visualization {
  const drawn = { accessors: measures, xAccessor: axis, ...(split === undefined ? {} : { splitAccessor: split }) };
  return toXy({ ...layer, ...drawn, seriesType: 'bar_horizontal_stacked' }, { legend: split !== undefined, more: {} });
}

interface XyOptions {
  readonly legend: boolean;
  readonly more: object;
}

function toXy(layer: { readonly seriesType: string }, { legend, more }: XyOptions): Visualization {
  const state = {
    axisTitlesVisibilitySettings: { x: false, yLeft: false, yRight: true },
    layers: [{ colorMapping: colors, position: 'top', showGridlines: false, ...layer }],
    legend: { isVisible: legend, position: 'right', shouldTruncate: false, showSingleSeries: legend },
    preferredSeriesType: layer.seriesType,
    valueLabels: 'hide',
    ...more,
  };
  return { type: 'lnsXY', state };
}

function compileDonut(_: ChartDefinition, { measures, buckets }: LensColumns, layer: Layer): Visualization {
  const display = { categoryDisplay: 'default', legendDisplay: 'show', nestedLegend: false, numberDisplay: 'percent', truncateLegend: false };
  return { type: 'lnsPie', state: { layers: [{ ...layer, ...display, colorMapping: colors, metrics: measures, primaryGroups: buckets }], shape: 'donut' } };
}

function compileTable({ buckets: declared }: ChartDefinition, { measures, buckets }: LensColumns, layer: Layer): Visualization {
  const columns = [
    ...buckets.map((columnId) => ({ columnId, isMetric: false, isTransposed: false })),
    ...measures.map((columnId) => ({ columnId, isMetric: true, isTransposed: false })),
  ];
  const ranked = declared.some((bucket) => bucket.kind === 'values' && bucket.order === 'value');
  const sorting = ranked ? { sorting: { columnId: measures[0], direction: 'desc' } } : {};
  return { type: 'lnsDatatable', state: { ...layer, columns, paging: { enabled: true, size: 10 }, ...sorting } };
}

function compileHeatmap(_: ChartDefinition, { measures: [value], buckets: [rows, across], time }: LensColumns, layer: Layer): Visualization {
  const gridConfig = {
    isCellLabelVisible: false,
    isXAxisLabelVisible: true,
    isXAxisTitleVisible: false,
    isYAxisLabelVisible: true,
    isYAxisTitleVisible: false,
    type: 'heatmap_grid',
  };
  const accessors = { valueAccessor: value, xAccessor: across ?? time, yAccessor: rows };
  const legend = { isVisible: true, position: 'right', type: 'heatmap_legend' };
  return { type: 'lnsHeatmap', state: { ...layer, ...accessors, gridConfig, legend, shape: 'heatmap' } };
}
