import type { LensPanel } from '../saved-object/dashboard.ts';
import type { StoredColumn } from '../saved-object/stored.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import type { Row } from '../search/to-rows.ts';
import { PALETTE } from './colours.ts';
import { formatCell, toNumberStyle } from './number-style.ts';

/** A number to show, with what it is. */
export interface Metric {
  readonly label: string;
  readonly value: string;
  /** A second, smaller number. */
  readonly second?: string;
  readonly subtitle?: string;
  readonly colour: string;
}

interface MetricVisualization {
  readonly layerId: string;
  readonly metricAccessor: string;
  readonly secondaryMetricAccessor?: string;
  readonly breakdownByAccessor?: string;
  readonly maxCols?: number;
  readonly subtitle?: string;
  readonly color?: string;
}

/** The numbers of a metric panel: one, or one for each value that it is broken down by. */
export function toMetrics({ visualization, layers }: LensPanel, rows: PanelRows): readonly Metric[] {
  const {
    layerId,
    metricAccessor,
    secondaryMetricAccessor,
    breakdownByAccessor,
    subtitle,
    color = PALETTE[0],
  } = visualization as unknown as MetricVisualization;
  const own = rows[layerId] ?? [];
  const columns = layers.find(({ id }) => id === layerId)?.columns ?? {};
  const format = (row: Row, id: string): string => {
    const column = columns[id] as StoredColumn;
    return formatCell(row[id], column, toNumberStyle(column, [row[id] ?? null]));
  };
  return own.map((row) => ({
    label: breakdownByAccessor === undefined ? (columns[metricAccessor]?.label ?? '') : String(row[breakdownByAccessor]),
    value: format(row, metricAccessor),
    ...(secondaryMetricAccessor !== undefined && { second: `${columns[secondaryMetricAccessor]?.label} ${format(row, secondaryMetricAccessor)}` }),
    ...(subtitle !== undefined && { subtitle }),
    colour: color,
  }));
}
