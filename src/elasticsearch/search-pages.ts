import type { Elasticsearch } from './client.ts';

/** What to search, and where. */
export interface PagedSearch {
  /** Data stream, index, or `NAME::failures`. */
  readonly target: string;
  readonly query: object;
  /** @default the whole document */
  readonly fields?: readonly string[];
}

/** A document as a search finds it. */
export interface Hit<Source> {
  readonly _id: string;
  readonly _source: Source;
  readonly sort: readonly unknown[];
}

interface Answer<Source> {
  readonly hits?: { readonly hits?: readonly Hit<Source>[] };
}

/** Small, since a document may be a whole record. */
const PAGE = 250;

/** Many documents of one request have the same time; their sequence numbers differ. */
const SORT = [{ '@timestamp': { order: 'asc', format: 'strict_date_optional_time_nanos' } }, { _seq_no: 'asc' }];

/**
 * Reads every document that a search finds, page by page, the oldest first; none where the target does not exist.
 * @throws ElasticsearchError where the search is refused
 */
export async function* searchPages<Source>(client: Elasticsearch, { target, query, fields }: PagedSearch): AsyncGenerator<Hit<Source>> {
  let after: readonly unknown[] | undefined;
  for (;;) {
    const { status, body } = await client.request<Answer<Source>>({
      attempt: `reading ${target}`,
      method: 'POST',
      path: `/${encodeURIComponent(target)}/_search`,
      query: { ignore_unavailable: true, allow_partial_search_results: false },
      body: {
        query,
        sort: SORT,
        size: PAGE,
        track_total_hits: false,
        ...(fields === undefined ? {} : { _source: fields }),
        ...(after === undefined ? {} : { search_after: after }),
      },
      allow: [404],
    });
    const hits = status === 404 ? [] : (body.hits?.hits ?? []);
    yield* hits;
    after = hits.length < PAGE ? undefined : hits.at(-1)?.sort;
    if (after === undefined) {
      return;
    }
  }
}
