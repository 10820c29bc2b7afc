import type { Elasticsearch } from './client.ts';

interface Resolved {
  readonly data_streams?: readonly { readonly name: string; readonly backing_indices: string | readonly string[] }[];
}

/** Lists the backing indices of a data stream, oldest first: the last takes the writes. Empty before the first write. */
export async function readBackingIndices(client: Elasticsearch, dataStream: string): Promise<readonly string[]> {
  const { status, body } = await client.request<Resolved>({
    attempt: `reading the backing indices of ${dataStream}`,
    method: 'GET',
    path: `/_resolve/index/${encodeURIComponent(dataStream)}`,
    allow: [404],
  });
  const indices = status === 404 ? [] : (body.data_streams?.find(({ name }) => name === dataStream)?.backing_indices ?? []);
  return typeof indices === 'string' ? [indices] : indices;
}
