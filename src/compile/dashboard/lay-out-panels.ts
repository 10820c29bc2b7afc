import type { PanelDefinition, PanelSize } from '../../definition/dashboard-definition.ts';

/** Where a panel stands on Kibana's grid: columns and rows from the top left. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const COLUMNS = 48;
const widths: Readonly<Record<PanelSize, number>> = { small: 16, medium: 24, large: 32, full: COLUMNS };
const METRIC_WIDTH = 8;
const heights: Readonly<Record<PanelDefinition['kind'], number>> = {
  metric: 5,
  time: 12,
  bar: 12,
  donut: 12,
  table: 13,
  heatmap: 12,
  events: 16,
  markdown: 5,
};

type Sized = Pick<PanelDefinition, 'kind' | 'size'>;

/**
 * Panels in reading order with their places, below `top`. A row takes as many as fit by their sizes and is then filled up: all of it are equally high and
 * together as wide as the grid. Numbers share their rows with numbers only.
 */
export function layOutPanels<Panel extends Sized>(panels: readonly Panel[], top: number): readonly { readonly panel: Panel; readonly place: Place }[] {
  let y = top;
  return toRows(panels).flatMap((row) => {
    const h = Math.max(...row.map(({ kind }) => heights[kind]));
    const total = row.reduce((sum, panel) => sum + toWidth(panel), 0);
    let [left, taken] = [0, 0];
    const placed = row.map((panel) => {
      taken += toWidth(panel);
      const [x, right] = [left, Math.round((COLUMNS * taken) / total)];
      left = right;
      return { panel, place: { x, y, w: right - x, h } };
    });
    y += h;
    return placed;
  });
}

function toWidth({ kind, size }: Sized): number {
  return kind === 'metric' ? METRIC_WIDTH : widths[size];
}

function toRows<Panel extends Sized>(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  const rows: Panel[][] = [];
  for (const panel of panels) {
    const row = rows.at(-1);
    const taken = row?.reduce((sum, other) => sum + toWidth(other), 0) ?? COLUMNS;
    const alike = (row?.[0]?.kind === 'metric') === (panel.kind === 'metric');
    if (row !== undefined && alike && taken + toWidth(panel) <= COLUMNS) row.push(panel);
    else rows.push([panel]);
  }
  return rows;
}
