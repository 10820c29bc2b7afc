import { ElasticsearchError } from '../errors.ts';
import type { Elasticsearch } from './client.ts';

interface Identity {
  readonly cluster_uuid?: string;
}

/**
 * Reads which cluster this is: an id that no other cluster has and that a restart keeps. As the first request of a
 * command it shows as well whether the address and the credentials are right.
 * @throws ElasticsearchError
 */
export async function readClusterId(client: Elasticsearch): Promise<string> {
  const attempt = `asking ${client.url} which cluster it is`;
  const main = await client.request<Identity>({ attempt, method: 'GET', path: '/', allow: [400, 404, 405] });
  const id = main.body?.cluster_uuid ?? (await readFromState(client, attempt));
  if (id === undefined) {
    throw new ElasticsearchError(`${attempt}: the answer has no cluster_uuid`, {
      hint: 'Check elasticsearch.url in the settings: it must be the address of Elasticsearch itself.',
    });
  }
  return id;
}

/** An Elasticsearch without its REST root module still tells it here. */
async function readFromState(client: Elasticsearch, attempt: string): Promise<string | undefined> {
  const query = { filter_path: 'cluster_uuid' };
  const { body } = await client.request<Identity>({ attempt, method: 'GET', path: '/_cluster/state/version', query });
  return body.cluster_uuid;
}
