import type { Partition, Window } from '../collect/ports.ts';
import type { Dated, ListStored } from '../collect/verify-window.ts';
import { isDatedId } from '../pipeline/document-id.ts';
import type { Elasticsearch } from './client.ts';

interface Page {
  readonly pit_id?: string;
  readonly hits?: { readonly hits?: readonly { readonly _id: string; readonly sort: readonly [number, number] }[] };
}

interface ListOptions {
  readonly client: Elasticsearch;
  readonly dataStreamOf: (partition: Partition) => string;
  /** Clauses that find the partition's documents; undefined where documents do not tell whose they are. */
  readonly filterOf: (partition: Partition) => readonly object[] | undefined;
}

const PAGE = 5_000;
const KEEP_ALIVE = '5m';

/** Makes the function that lists the stored ids of a partition in a window by the time of their events, as they are at the moment of the call. */
export function createListStored({ client, dataStreamOf, filterOf }: ListOptions): ListStored {
  return (partition, window) => {
    const filter = filterOf(partition);
    return filter === undefined ? undefined : listWindow(client, { dataStream: dataStreamOf(partition), filter, window });
  };
}

interface Listing {
  readonly dataStream: string;
  readonly filter: readonly object[];
  readonly window: Window;
}

async function* listWindow(client: Elasticsearch, { dataStream, filter, window }: Listing): AsyncGenerator<readonly Dated[]> {
  const path = `/${encodeURIComponent(dataStream)}`;
  const refreshed = await client.request({ attempt: `refreshing ${dataStream}`, method: 'POST', path: `${path}/_refresh`, allow: [404] });
  if (refreshed.status === 404) return;
  const opened = await client.request<{ readonly id: string }>({
    attempt: `opening a point in time of ${dataStream}`,
    method: 'POST',
    path: `${path}/_pit`,
    query: { keep_alive: KEEP_ALIVE },
  });
  let { id } = opened.body;
  try {
    const range = { range: { '@timestamp': { gte: window.since, lt: window.before, format: 'epoch_millis' } } };
    let after: readonly number[] | undefined;
    do {
      const { body } = await client.request<Page>({
        attempt: `listing the ids in ${dataStream}`,
        method: 'POST',
        path: '/_search',
        query: { allow_partial_search_results: false },
        body: {
          pit: { id, keep_alive: KEEP_ALIVE },
          query: { bool: { filter: [range, ...filter] } },
          sort: [{ '@timestamp': 'asc' }, { _shard_doc: 'asc' }],
          size: PAGE,
          _source: false,
          track_total_hits: false,
          ...(after === undefined ? {} : { search_after: after }),
        },
      });
      id = body.pit_id ?? id;
      const hits = body.hits?.hits ?? [];
      // A record without a time is stored under the time of its arrival, which tells nothing about its window.
      yield hits.filter((hit) => isDatedId(hit._id)).map((hit) => ({ id: hit._id, timeMs: hit.sort[0] }));
      after = hits.length < PAGE ? undefined : hits.at(-1)?.sort;
    } while (after !== undefined);
  } finally {
    // It ends by itself as well.
    await client.request({ attempt: `closing a point in time of ${dataStream}`, method: 'DELETE', path: '/_pit', body: { id }, allow: 'any' }).catch(() => {});
  }
}
