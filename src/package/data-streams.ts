import type { ElasticsearchApi } from './elasticsearch-api.ts';

/** A data stream that exists. */
export interface ExistingDataStream {
  readonly name: string;
  /** Backing indices, oldest first. */
  readonly indices: readonly string[];
  /** The backing index that takes the writes. */
  readonly writeIndex: string;
}

interface Resolved {
  readonly data_streams?: readonly { readonly name: string; readonly backing_indices: string | readonly string[] }[];
}

/** Lists the data streams whose name matches, sorted by name; empty where there is none. */
export async function readDataStreams(client: ElasticsearchApi, pattern: string): Promise<readonly ExistingDataStream[]> {
  const { status, body } = await client.request<Resolved>({
    attempt: `looking for the data streams ${pattern}`,
    method: 'GET',
    path: `/_resolve/index/${encodeURIComponent(pattern)}`,
    allow: [404],
  });
  const found = status === 404 ? [] : (body.data_streams ?? []);
  return found.flatMap(({ name, backing_indices: backing }) => {
    const indices = typeof backing === 'string' ? [backing] : backing;
    const writeIndex = indices.at(-1);
    return writeIndex === undefined ? [] : [{ name, indices, writeIndex }];
  });
}

/** Reads which default pipeline each index names; an index without one is left out. */
export async function readDefaultPipelines(client: ElasticsearchApi, pattern: string): Promise<ReadonlyMap<string, string>> {
  const { status, body } = await client.request<Record<string, { readonly settings: Readonly<Record<string, string>> }>>({
    attempt: `reading the default pipelines of ${pattern}`,
    method: 'GET',
    path: `/${encodeURIComponent(pattern)}/_settings/index.default_pipeline`,
    query: { flat_settings: true, expand_wildcards: 'all', ignore_unavailable: true },
    allow: [404],
  });
  const named = status === 404 ? [] : Object.entries(body);
  return new Map(
    named.flatMap(([index, { settings }]) => (settings['index.default_pipeline'] === undefined ? [] : [[index, settings['index.default_pipeline']] as const])),
  );
}
