import { ElasticsearchError } from '../errors.ts';
import type { Elasticsearch } from './client.ts';

/**
 * The client, except that no bulk request leaves while this collector may not write: it is refused as if Elasticsearch had refused it for now. Asked right
 * before each request is sent, so that a process which was frozen sends nothing of what it had in hand.
 */
export function guardBulk(client: Elasticsearch, isSure: () => boolean): Elasticsearch {
  return {
    url: client.url,
    request: async (call) => {
      if (call.path.endsWith('/_bulk') && !isSure()) {
        throw new ElasticsearchError(`${call.attempt}: not sent, since this collector could not renew its leases in time`, {
          hint: 'Look at the health of Elasticsearch, and for what makes this process halt; it goes on by itself.',
          retryable: true,
        });
      }
      return client.request(call);
    },
    close: () => client.close(),
  };
}
