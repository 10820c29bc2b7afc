import { askEngine, type EngineAddress } from '../../elasticsearch/ask-engine.ts';
import type { SearchAnswer } from './to-rows.ts';
import type { Search } from './to-search.ts';

/** Runs a search. */
export type Ask = (search: Search) => Promise<SearchAnswer>;

const TIMEOUT_MS = 60_000;

/**
 * Makes the function that asks an engine.
 * @param without a field that documents are then taken not to have; its type is that of its values
 * @throws Error when a search is refused
 */
export function createAsk(address: EngineAddress, without?: { readonly field: string; readonly type: string }): Ask {
  // A runtime field hides the indexed one, and this one never has a value.
  const hidden = without && { runtime_mappings: { [without.field]: { type: without.type, script: { source: 'return;' } } } };
  return async ({ index, body }) => {
    const path = `/${encodeURIComponent(index)}/_search`;
    const { status, body: answer } = await askEngine(address, { method: 'POST', path, body: { ...body, ...hidden }, timeoutMs: TIMEOUT_MS });
    if (status !== 200) throw new Error(`searching ${index}: Elasticsearch answered ${status} ${JSON.stringify(answer)}`);
    return answer as SearchAnswer;
  };
}
