import { DashboardFault } from '../dashboard-fault.ts';
import type { Dashboard, Layer, LensPanel, Panel, SearchPanel } from '../saved-object/dashboard.ts';
import type { Ask } from './ask.ts';
import { hasOther, listColumns, type NamedColumn } from './columns.ts';
import type { TimeRange } from './time-range.ts';
import { type Bucket, type Row, type SearchAnswer, toDocumentRows, toKey, toRows } from './to-rows.ts';
import { type Search, toDocumentSearch, toSearch } from './to-search.ts';

/** What stands for all that the largest buckets leave. */
export const OTHER = 'Other';

/** How many documents a list shows. */
const LISTED = 50;

/** A panel that shows data. */
export type DataPanel = LensPanel | SearchPanel;

/** Whether a panel shows data. */
export function isDataPanel(panel: Panel): panel is DataPanel {
  return panel.kind === 'lens' || panel.kind === 'search';
}

/** The rows of each layer of a panel, by the layer's id; a list of documents has one layer, named `documents`. */
export type PanelRows = Readonly<Record<string, readonly Row[]>>;

/**
 * Asks all that a panel shows.
 * @throws DashboardFault for what is not known here
 */
export async function readPanelRows(
  ask: Ask,
  { dashboard, panel, range }: { readonly dashboard: Dashboard; readonly panel: DataPanel; readonly range: TimeRange },
): Promise<PanelRows> {
  if (panel.kind === 'search') return { documents: toDocumentRows(await ask(toDocumentSearch(dashboard, panel, { range, size: LISTED }))) };
  const rows: Record<string, readonly Row[]> = {};
  for (const layer of panel.layers) rows[layer.id] = await readLayerRows(ask, layer, toSearch(dashboard, panel, { layer, range }));
  return rows;
}

async function readLayerRows(ask: Ask, layer: Layer, search: Search): Promise<readonly Row[]> {
  const answer = await ask(search);
  const rows = toRows(layer, answer);
  const [first, ...deeper] = listColumns(layer).buckets;
  const unknown = deeper.find(hasOther);
  if (unknown !== undefined) throw new DashboardFault(`column ${unknown.label}: Other inside of another bucket is not known here`);
  return first !== undefined && hasOther(first) ? [...rows, ...(await readOther(ask, { layer, search, answer, first }))] : rows;
}

interface OtherOptions {
  readonly layer: Layer;
  readonly search: Search;
  readonly answer: SearchAnswer;
  readonly first: NamedColumn;
}

/** As Kibana does: one more search for the documents that none of the largest buckets holds. */
async function readOther(ask: Ask, { layer, search, answer, first }: OtherOptions): Promise<readonly Row[]> {
  const terms = answer.aggregations?.[first.id] as { readonly sum_other_doc_count: number; readonly buckets: readonly Bucket[] };
  if (terms.sum_other_doc_count === 0) return [];
  const field = first.sourceField ?? '';
  const left = { bool: { filter: [search.body.query, { exists: { field } }], must_not: [{ terms: { [field]: terms.buckets.map(toKey) } }] } };
  const { aggs: inner } = (search.body.aggs?.[first.id] ?? {}) as Pick<Search['body'], 'aggs'>;
  const { aggs: _, ...body } = search.body;
  const rest = await ask({ index: search.index, body: { ...body, query: left, ...(inner !== undefined && { aggs: inner }) } });
  const columnOrder = layer.columnOrder.filter((id) => id !== first.id);
  return toRows({ ...layer, columnOrder }, rest).map((row) => ({ [first.id]: OTHER, ...row }));
}
