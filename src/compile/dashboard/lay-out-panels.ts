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
  metric: 6,
  time: 12,
  bar: 12,
  donut: 12,
  table: 13,
  heatmap: 12,
  events: 18,
  markdown: 5,
};

type Row = readonly Pick<PanelDefinition, 'kind' | 'size'>[];

/**
 * Places for panels in reading order, below `top`. A row takes as many as fit by their sizes and is then filled up: all of it are equally high and together
 * as wide as the grid. Numbers share their rows with numbers only.
 */
export function layOutPanels(panels: Row, top: number): readonly Place[] {
  const places: Place[] = [];
  let y = top;
  for (const row of toRows(panels)) {
    const h = Math.max(...row.map(({ kind }) => heights[kind]));
    places.push(...fillRow(row.map(toWidth)).map(({ x, w }) => ({ x, y, w, h })));
    y += h;
  }
  return places;
}

function toWidth({ kind, size }: Row[number]): number {
  return kind === 'metric' ? METRIC_WIDTH : widths[size];
}

function toRows(panels: Row): readonly Row[] {
  const rows: Row[number][][] = [];
  for (const panel of panels) {
    const row = rows.at(-1);
    const taken = row?.reduce((sum, other) => sum + toWidth(other), 0) ?? COLUMNS;
    const alike = (row?.[0]?.kind === 'metric') === (panel.kind === 'metric');
    if (row !== undefined && alike && taken + toWidth(panel) <= COLUMNS) row.push(panel);
    else rows.push([panel]);
  }
  return rows;
}

function fillRow(wanted: readonly number[]): readonly Pick<Place, 'x' | 'w'>[] {
  const total = wanted.reduce((sum, width) => sum + width, 0);
  const edges = wanted.map((_, index) => Math.round((COLUMNS * wanted.slice(0, index + 1).reduce((sum, width) => sum + width, 0)) / total));
  return edges.map((edge, index) => ({ x: edges[index - 1] ?? 0, w: edge - (edges[index - 1] ?? 0) }));
}
