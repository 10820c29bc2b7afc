import type { LensPanel, SearchPanel } from '../saved-object/dashboard.ts';
import type { PanelRows } from '../search/read-panel-rows.ts';
import type { Cell, Row } from '../search/to-rows.ts';
import { TIME_FIELD } from '../search/to-search.ts';
import { formatCell, formatTime, toNumberStyle } from './number-style.ts';

/** A table to show. */
export interface Table {
  readonly heads: readonly TableCell[];
  readonly rows: readonly (readonly TableCell[])[];
  /** How many rows there are, where not all are shown. */
  readonly more?: string;
}

interface TableCell {
  readonly text: string;
  /** Numbers stand at the right. */
  readonly isNumber: boolean;
  /** Too long for one line. */
  readonly isLong: boolean;
}

/** Longer texts go on in the next line; ids of Cloudflare do not. */
const LINE_CHARACTERS = 33;
const HEAD_CHARACTERS = 18;

function toTableCell(text: string, isNumber = false): TableCell {
  return { text, isNumber, isLong: text.length > LINE_CHARACTERS };
}

function toHead(text: string, isNumber = false): TableCell {
  return { text, isNumber, isLong: text.length > HEAD_CHARACTERS };
}

interface DatatableVisualization {
  readonly layerId: string;
  readonly columns: readonly { readonly columnId: string; readonly hidden?: boolean }[];
  readonly sorting?: { readonly columnId: string; readonly direction: string };
  readonly paging?: { readonly enabled: boolean; readonly size: number };
}

/** A time as Elasticsearch gives it. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u;

/** The table of a layer: its first page. */
export function toTable({ visualization, layers }: LensPanel, rows: PanelRows): Table {
  const { layerId, columns: shown, sorting, paging } = visualization as unknown as DatatableVisualization;
  const declared = layers.find(({ id }) => id === layerId)?.columns ?? {};
  const all = sort(rows[layerId] ?? [], sorting);
  const page = paging?.enabled ? all.slice(0, paging.size) : all;
  const columns = shown.flatMap(({ columnId: id, hidden }) => {
    const column = declared[id];
    if (hidden || column === undefined) return [];
    const style = toNumberStyle(column, column.dataType === 'date' ? [] : all.map((row) => row[id] ?? null));
    return [{ id, column, style, isNumber: column.dataType === 'number' && !column.isBucketed }];
  });
  return {
    heads: columns.map(({ column, isNumber }) => toHead(column.label, isNumber)),
    rows: page.map((row) => columns.map(({ id, column, style, isNumber }) => toTableCell(formatCell(row[id], column, style), isNumber))),
    ...(page.length < all.length && { more: `${page.length} of ${all.length} rows` }),
  };
}

/** The table of a list of documents. */
export function toDocumentTable({ columns }: SearchPanel, rows: PanelRows): Table {
  const fields = [TIME_FIELD, ...columns];
  const toText = (cell: Cell | undefined): string => (TIME.test(String(cell)) ? formatTime(Date.parse(String(cell))) : String(cell ?? '–'));
  return {
    heads: fields.map((field) => toHead(field)),
    rows: (rows.documents ?? []).map((row) => fields.map((field) => toTableCell(toText(row[field])))),
  };
}

function sort(rows: readonly Row[], sorting: DatatableVisualization['sorting']): readonly Row[] {
  if (sorting === undefined) return rows;
  const sign = sorting.direction === 'desc' ? -1 : 1;
  const compare = (a: Cell | undefined, b: Cell | undefined): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''), 'en');
  return rows.toSorted((a, b) => sign * compare(a[sorting.columnId], b[sorting.columnId]));
}
