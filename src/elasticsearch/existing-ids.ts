import type { FindExisting, Partition } from '../collect/ports.ts';
import type { Elasticsearch } from './client.ts';

interface Hits {
  readonly hits?: { readonly hits?: readonly { readonly _id: string }[] };
}

const CHUNK = 1_000;

/** More than one hit for an id: one in each of several backing indices. */
const MAX_HITS = 10_000;

async function searchIds(client: Elasticsearch, dataStream: string, ids: readonly string[]): Promise<readonly string[]> {
  const { body } = await client.request<Hits>({
    attempt: `looking up ${ids.length} ids in ${dataStream}`,
    method: 'POST',
    path: `/${encodeURIComponent(dataStream)}/_search`,
    query: { allow_partial_search_results: false, ignore_unavailable: true, filter_path: 'hits.hits._id' },
    body: { query: { ids: { values: ids } }, _source: false, size: MAX_HITS, sort: ['_doc'], track_total_hits: false },
  });
  const found = (body.hits?.hits ?? []).map(({ _id }) => _id);
  if (found.length < MAX_HITS || ids.length === 1) {
    return found;
  }
  const middle = Math.ceil(ids.length / 2);
  return [...(await searchIds(client, dataStream, ids.slice(0, middle))), ...(await searchIds(client, dataStream, ids.slice(middle)))];
}

/**
 * Makes the function that looks ids up across all backing indices, as they are at the moment of the call: it refreshes
 * first, since a search does not see what was written in the last second.
 */
export function createFindExisting(client: Elasticsearch, dataStreamOf: (partition: Partition) => string): FindExisting {
  return async (partition, ids) => {
    const dataStream = dataStreamOf(partition);
    const found = new Set<string>();
    if (ids.length === 0) {
      return found;
    }
    const attempt = `refreshing ${dataStream}`;
    const { status } = await client.request({ attempt, method: 'POST', path: `/${encodeURIComponent(dataStream)}/_refresh`, allow: [404] });
    for (let start = 0; status !== 404 && start < ids.length; start += CHUNK) {
      for (const id of await searchIds(client, dataStream, ids.slice(start, start + CHUNK))) {
        found.add(id);
      }
    }
    return found;
  };
}
