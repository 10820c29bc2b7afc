import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import { findRange } from './find-range.ts';
import type { PageContent } from './render/render-page.ts';
import type { Control, Dashboard } from './saved-object/dashboard.ts';
import { type Ask, createAsk } from './search/ask.ts';
import { isDataPanel, type PanelRows, readPanelRows } from './search/read-panel-rows.ts';
import type { TimeRange } from './search/time-range.ts';
import { type Bucket, toKey } from './search/to-rows.ts';
import { toControlSearch } from './search/to-search.ts';

/**
 * Asks an engine all that a dashboard shows.
 * @throws DashboardFault for what is not known here
 */
export async function readPageContent(address: EngineAddress, dashboard: Dashboard): Promise<PageContent> {
  const [ask, range] = [createAsk(address), await findRange(address, dashboard)];
  const rows: Record<string, PanelRows> = {};
  for (const panel of dashboard.panels) if (isDataPanel(panel)) rows[panel.id] = await readPanelRows(ask, { dashboard, panel, range });
  const values: Record<string, readonly string[]> = {};
  for (const control of dashboard.controls) values[control.id] = await readControlValues(ask, { dashboard, control, range });
  return { dashboard, range, rows, values };
}

/** The values that a control offers, the most frequent first. */
export async function readControlValues(
  ask: Ask,
  { dashboard, control, range }: { readonly dashboard: Dashboard; readonly control: Control; readonly range: TimeRange },
): Promise<readonly string[]> {
  const { aggregations = {} } = await ask(toControlSearch(dashboard, control, range));
  const { buckets } = aggregations.values as { readonly buckets: readonly Bucket[] };
  return buckets.map((bucket) => String(toKey(bucket)));
}
