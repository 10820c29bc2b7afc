import { ElasticsearchError } from '../errors.ts';
import type { Elasticsearch } from './client.ts';

interface Found {
  readonly hits?: { readonly hits?: readonly { readonly _source?: { readonly document?: { readonly id?: string } } }[] };
}

const CHUNK = 1_000;

/** So that the search sees what came in the last second; the role for collecting may not, then it sees what is older. */
async function refresh(client: Elasticsearch, dataStream: string, signal: AbortSignal): Promise<void> {
  const path = `/${encodeURIComponent(`${dataStream}::failures`)}/_refresh`;
  const attempt = `refreshing the failure store of ${dataStream}`;
  await client.request({ attempt, method: 'POST', path, query: { ignore_unavailable: true }, allow: 'any', retries: 0, signal }).catch((error: unknown) => {
    if (!(error instanceof ElasticsearchError)) throw error;
  });
}

/**
 * Finds which of these ids the data stream's failure store holds. Empty where it has none, where the key may not read it,
 * or where Elasticsearch does not answer: then a second copy in the failure store is the lesser harm.
 */
export async function findInFailureStore(
  { client, dataStream }: { readonly client: Elasticsearch; readonly dataStream: string },
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (ids.length > 0) await refresh(client, dataStream, signal);
  for (let start = 0; start < ids.length; start += CHUNK) {
    const { status, body } = await client
      .request<Found>({
        attempt: `looking into the failure store of ${dataStream}`,
        method: 'POST',
        path: `/${encodeURIComponent(`${dataStream}::failures`)}/_search`,
        query: { ignore_unavailable: true, filter_path: 'hits.hits._source.document.id' },
        body: { query: { terms: { 'document.id': ids.slice(start, start + CHUNK) } }, _source: ['document.id'], size: 10_000 },
        allow: 'any',
        retries: 0,
        signal,
      })
      .catch((error: unknown) => {
        if (error instanceof ElasticsearchError) {
          return { status: 0, body: {} as Found };
        }
        throw error;
      });
    if (status !== 200) {
      break;
    }
    for (const { _source: source } of body.hits?.hits ?? []) {
      found.add(source?.document?.id ?? '');
    }
  }
  return found;
}
