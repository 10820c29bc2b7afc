import { DashboardFault } from '../dashboard-fault.ts';
import type { Layer, LensPanel } from '../saved-object/dashboard.ts';
import type { StoredColumn } from '../saved-object/stored.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import type { Cell, Row } from '../search/to-rows.ts';
import { toLegend } from './chart-parts.ts';
import { toColour } from './colours.ts';
import { type NumberStyle, toNumberStyle } from './number-style.ts';

/** A chart as ECharts takes it; where it wants a function that writes numbers, a `NumberStyle` stands. */
export type ChartOption = Readonly<Record<string, unknown>>;

interface XyLayer {
  readonly layerId: string;
  readonly layerType: string;
  readonly accessors: readonly string[];
  readonly seriesType: string;
  readonly xAccessor?: string;
  readonly splitAccessor?: string;
}

interface XyVisualization {
  readonly layers: readonly XyLayer[];
  readonly legend?: { readonly isVisible?: boolean; readonly showSingleSeries?: boolean };
  /** What a line does where there is no value. @default None: it has a gap */
  readonly fittingFunction?: string;
}

/** One line, or the bars of one colour. */
interface Series {
  readonly name: string;
  readonly colour: string;
  readonly type: string;
  readonly points: ReadonlyMap<Cell, number | null>;
}

/** The series of a chart, and what it stands on. */
interface Plot {
  readonly series: readonly Series[];
  readonly xs: readonly Cell[];
  readonly isTime: boolean;
  readonly style: NumberStyle;
}

const LABEL = { color: '#343741', fontSize: 12 };
const FAINT = { lineStyle: { color: '#E3E8F2' } };
/** ECharts' own templates of times, with the month beside a day. */
const TIMES = { year: '{yyyy}', month: '{MMM}', day: '{MMM} {d}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}' };
const PERCENT: NumberStyle = { divisor: 1, suffix: '', intl: { style: 'percent', maximumFractionDigits: 1 } };

/**
 * The chart of bars, lines or areas.
 * @throws DashboardFault for a kind of layer that is not known here
 */
export function toXyOption(panel: LensPanel, rows: PanelRows): ChartOption {
  const { layers, legend = {}, fittingFunction = 'None' } = panel.visualization as unknown as XyVisualization;
  const types = new Set(layers.map(({ seriesType }) => seriesType));
  const [type = ''] = types;
  if (types.size > 1) throw new DashboardFault(`panel ${panel.title}: layers of several types are not known here`);
  const plot = toShares(type, toPlot(panel, layers, rows));
  const isHorizontal = type.startsWith('bar_horizontal');
  const names = plot.series.map(({ name }) => name);
  const hasLegend = legend.isVisible !== false && (names.length > 1 || legend.showSingleSeries === true);
  const shown = toLegend(hasLegend ? names : []);
  const [xAxis, yAxis] = [toXAxis(plot, isHorizontal), toValueAxis(plot)];
  return {
    ...{ animation: false, useUTC: true, grid: { left: 8, top: 12, bottom: 8, right: shown.width + 20, containLabel: true }, legend: shown.legend },
    tooltip: { trigger: 'axis', confine: true, axisPointer: { type: type.startsWith('bar') ? 'shadow' : 'line' }, valueFormatter: plot.style },
    ...(isHorizontal ? { xAxis: yAxis, yAxis: xAxis } : { xAxis, yAxis }),
    series: plot.series.map((series) => (type.startsWith('bar') ? toBars(series, plot, isHorizontal) : toLine(series, plot, fittingFunction))),
  };
}

function toPlot(panel: LensPanel, layers: readonly XyLayer[], rows: PanelRows): Plot {
  const found = layers.map((layer) => ({ layer, declared: panel.layers.find(({ id }) => id === layer.layerId), rows: rows[layer.layerId] ?? [] }));
  const series = found.flatMap(({ layer, declared, rows: own }) => {
    if (layer.layerType !== 'data' || declared === undefined) throw new DashboardFault(`panel ${panel.title}: a layer is a ${layer.layerType}, or has no data`);
    return listSeries(layer, declared, own);
  });
  const x = found[0]?.declared?.columns[found[0].layer.xAccessor ?? ''];
  const y = findValueColumn(
    panel,
    found.flatMap(({ layer, declared }) => layer.accessors.flatMap((accessor) => declared?.columns[accessor] ?? [])),
  );
  const xs = [...new Set(series.flatMap(({ points }) => [...points.keys()]))];
  const isTime = x?.operationType === 'date_histogram';
  const coloured = series.map((one, index) => ({ ...one, colour: toColour(one.name, index) }));
  const values = series.flatMap(({ points }) => [...points.values()]);
  return scale({ series: coloured, xs: isTime ? xs.toSorted((a, b) => Number(a) - Number(b)) : xs, isTime, style: toNumberStyle(y, values) });
}

/** One of the columns whose values stand on the axis, which all have the same format. */
function findValueColumn({ title }: LensPanel, [first, ...others]: readonly StoredColumn[]): StoredColumn {
  const formatOf = (column: StoredColumn): string => JSON.stringify(column.params?.format);
  if (first === undefined) throw new DashboardFault(`panel ${title}: a chart without values is not known here`);
  if (others.some((column) => formatOf(column) !== formatOf(first))) throw new DashboardFault(`panel ${title}: values of several formats are not known here`);
  return first;
}

function listSeries({ accessors, xAccessor = '', splitAccessor, seriesType }: XyLayer, { columns }: Layer, rows: readonly Row[]): readonly Series[] {
  const splits = splitAccessor === undefined ? [undefined] : [...new Set(rows.map((row) => row[splitAccessor]))];
  return splits.flatMap((split) =>
    accessors.map((accessor) => {
      const own = rows.filter((row) => splitAccessor === undefined || row[splitAccessor] === split);
      const label = columns[accessor]?.label ?? '';
      const name = split === undefined ? label : accessors.length === 1 ? String(split) : `${split}: ${label}`;
      const points = new Map(own.map((row) => [row[xAccessor] ?? null, row[accessor] as number | null]));
      return { name, colour: '', type: seriesType, points };
    }),
  );
}

/** Counts in the unit that is shown, so that the axis has round numbers. */
function scale({ series, style, ...plot }: Plot): Plot {
  const { divisor } = style;
  const toUnit = ([x, value]: readonly [Cell, number | null]): readonly [Cell, number | null] => [x, value === null ? null : value / divisor];
  return { ...plot, series: series.map((one) => ({ ...one, points: new Map([...one.points].map(toUnit)) })), style: { ...style, divisor: 1 } };
}

/** In a chart of shares each bar is one whole. */
function toShares(type: string, plot: Plot): Plot {
  if (!type.includes('percentage')) return plot;
  const wholes = new Map(plot.xs.map((x) => [x, plot.series.reduce((sum, { points }) => sum + (points.get(x) ?? 0), 0)]));
  const toShare = ([x, value]: readonly [Cell, number | null]): readonly [Cell, number | null] => [
    x,
    wholes.get(x) ? (value ?? 0) / (wholes.get(x) ?? 1) : null,
  ];
  return { ...plot, style: PERCENT, series: plot.series.map((series) => ({ ...series, points: new Map([...series.points].map(toShare)) })) };
}

function toBars({ name, colour, type, points }: Series, plot: Plot, isHorizontal: boolean): object {
  return {
    ...{ name, type: 'bar', color: colour, data: toData(points, plot, null), barMaxWidth: isHorizontal ? 22 : 40, barCategoryGap: '15%' },
    ...(type.includes('stacked') && { stack: 'all' }),
  };
}

function toLine({ name, colour, type, points }: Series, plot: Plot, fitting: string): object {
  return {
    ...{ name, type: 'line', color: colour, data: toData(points, plot, fitting === 'Zero' ? 0 : null), connectNulls: fitting === 'Linear' },
    ...{ showSymbol: false, lineStyle: { width: 1.5 } },
    ...(type.includes('stacked') && { stack: 'all' }),
    ...(type.startsWith('area') && { areaStyle: { opacity: 0.5 } }),
  };
}

function toData(points: Series['points'], { xs, isTime }: Plot, missing: number | null): readonly unknown[] {
  return xs.map((x) => {
    const value = points.get(x) ?? missing;
    return isTime ? [x, value] : value;
  });
}

function toXAxis({ xs, isTime }: Plot, isHorizontal: boolean): object {
  if (isTime) return { type: 'time', axisLabel: { ...LABEL, hideOverlap: true, formatter: TIMES }, axisLine: FAINT, splitLine: { show: false } };
  const axisLabel = { ...LABEL, interval: 0, ...(isHorizontal && { width: 190, overflow: 'truncate' }) };
  return { type: 'category', data: xs.map(String), inverse: isHorizontal, axisLabel, axisTick: { show: false }, axisLine: FAINT };
}

function toValueAxis({ style }: Plot): object {
  const { maximumFractionDigits: _, ...intl } = style.intl;
  const compact: NumberStyle = { ...style, intl: { ...intl, notation: 'compact', maximumFractionDigits: 1 } };
  return { type: 'value', axisLabel: { ...LABEL, formatter: compact }, splitLine: FAINT, splitNumber: 4, ...(style === PERCENT && { max: 1, interval: 0.25 }) };
}
