import { askEngine, type EngineAddress } from '../elasticsearch/ask-engine.ts';
import type { Dashboard } from './saved-object/dashboard.ts';
import type { TimeRange } from './search/time-range.ts';
import { toRestrictionQueries } from './search/to-search.ts';

/**
 * From the first to the last event that a dashboard is about. Dashboards of packages leave the time to whoever looks at them.
 * @throws Error where there is none
 */
export async function findRange(address: EngineAddress, dashboard: Dashboard): Promise<TimeRange> {
  const aggs = { first: { min: { field: '@timestamp' } }, last: { max: { field: '@timestamp' } } };
  const body = { size: 0, query: { bool: { filter: toRestrictionQueries(dashboard) } }, aggs };
  const { body: answer } = await askEngine(address, { method: 'POST', path: '/logs-*/_search', body });
  const { first, last } = ((answer as { readonly aggregations?: unknown }).aggregations ?? {}) as Readonly<
    Record<'first' | 'last', { readonly value: number | null }>
  >;
  if (first?.value == null || last?.value == null) throw new Error(`there is no event for ${dashboard.title}: ${JSON.stringify(answer)}`);
  return { from: first.value, to: last.value + 1 };
}
