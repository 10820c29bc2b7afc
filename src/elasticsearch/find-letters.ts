import type { FindExisting, Partition } from '../collect/ports.ts';
import type { Elasticsearch } from './client.ts';

interface Found {
  readonly hits?: { readonly hits?: readonly { readonly _source?: { readonly cloudflare?: { readonly collector?: { readonly document_id?: string } } } }[] };
}

const CHUNK = 1_000;
const ID = 'cloudflare.collector.document_id';

/**
 * Makes the function that tells which ids the collector data stream holds dead letters of; none where there is no such stream.
 * @throws ElasticsearchError
 */
export function createFindLetters(client: Elasticsearch, collectorStreamOf: (partition: Partition) => string): FindExisting {
  return async (partition, ids) => {
    const dataStream = collectorStreamOf(partition);
    const filter = [{ term: { 'cloudflare.collector.kind': 'dead_letter' } }, { term: { 'cloudflare.collector.stream': partition.stream } }];
    const found = new Set<string>();
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = ids.slice(start, start + CHUNK);
      const { body } = await client.request<Found>({
        attempt: `looking for dead letters in ${dataStream}`,
        method: 'POST',
        path: `/${encodeURIComponent(dataStream)}/_search`,
        query: { ignore_unavailable: true, allow_partial_search_results: false, filter_path: `hits.hits._source.${ID}` },
        body: { query: { bool: { filter: [...filter, { terms: { [ID]: chunk } }] } }, _source: [ID], size: 10_000, track_total_hits: false },
        allow: [404],
      });
      for (const { _source: source } of body.hits?.hits ?? []) found.add(source?.cloudflare?.collector?.document_id ?? '');
    }
    return found;
  };
}
