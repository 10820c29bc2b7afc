import type { FindExisting, Partition } from '../collect/ports.ts';
import type { Elasticsearch } from './client.ts';

interface Hits {
  readonly hits?: { readonly hits?: readonly { readonly _id: string }[] };
}

const CHUNK = 1_000;

/** More than one hit for an id: one in each of several backing indices. */
const MAX_HITS = 10_000;

interface LookUp {
  readonly client: Elasticsearch;
  readonly dataStream: string;
  readonly signal?: AbortSignal | undefined;
}

async function searchIds({ client, dataStream, signal }: LookUp, ids: readonly string[]): Promise<readonly string[]> {
  const { body } = await client.request<Hits>({
    attempt: `looking up ${ids.length} ids in ${dataStream}`,
    method: 'POST',
    path: `/${encodeURIComponent(dataStream)}/_search`,
    query: { allow_partial_search_results: false, ignore_unavailable: true, filter_path: 'hits.hits._id' },
    body: { query: { ids: { values: ids } }, _source: false, size: MAX_HITS, sort: ['_doc'], track_total_hits: false },
    ...(signal === undefined ? {} : { signal }),
  });
  const found = (body.hits?.hits ?? []).map(({ _id }) => _id);
  if (found.length < MAX_HITS || ids.length === 1) {
    return found;
  }
  const middle = Math.ceil(ids.length / 2);
  return [...(await searchIds({ client, dataStream, signal }, ids.slice(0, middle))), ...(await searchIds({ client, dataStream, signal }, ids.slice(middle)))];
}

/**
 * Which of these ids a data stream holds in any of its backing indices, as of now: it refreshes first, since a search does not see what was written in the
 * last second.
 * @throws ElasticsearchError
 */
export async function findIds(lookUp: LookUp, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { client, dataStream, signal } = lookUp;
  const found = new Set<string>();
  if (ids.length === 0) {
    return found;
  }
  const path = `/${encodeURIComponent(dataStream)}/_refresh`;
  const { status } = await client.request({
    attempt: `refreshing ${dataStream}`,
    method: 'POST',
    path,
    allow: [404],
    ...(signal === undefined ? {} : { signal }),
  });
  for (let start = 0; status !== 404 && start < ids.length; start += CHUNK) {
    for (const id of await searchIds(lookUp, ids.slice(start, start + CHUNK))) {
      found.add(id);
    }
  }
  return found;
}

/** Makes the function that looks a partition's ids up. */
export function createFindExisting(client: Elasticsearch, dataStreamOf: (partition: Partition) => string): FindExisting {
  return (partition, ids) => findIds({ client, dataStream: dataStreamOf(partition) }, ids);
}
