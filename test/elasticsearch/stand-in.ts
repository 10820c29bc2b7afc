import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Ids of the `create` actions of a bulk body. */
  readonly ids: readonly string[];
}

/** What to answer; `reset` takes the request and cuts the connection. */
export type StandInAnswer = { readonly status: number; readonly body: unknown } | 'reset';

/** A server that says it is Elasticsearch and answers what a test wants to see refused. */
export interface StandIn {
  readonly url: string;
  /** Every request so far. */
  readonly received: readonly Received[];
  /** The bulk requests so far. */
  readonly bulks: () => readonly Received[];
  readonly close: () => Promise<void>;
}

function toIds(body: string): readonly string[] {
  return [...body.matchAll(/^\{"create":\{"_id":"([^"]*)"\}\}$/gm)].map(([, id]) => String(id));
}

/** A bulk answer with one item for each id. */
export function toBulkBody(ids: readonly string[], toItem: (id: string) => object = () => ({ status: 201, result: 'created' })): object {
  return { errors: true, items: ids.map((id) => ({ create: toItem(id) })) };
}

/** Starts a stand-in on loopback. */
export async function startStandIn(answer: (request: Received, nth: number) => StandInAnswer | Promise<StandInAnswer>): Promise<StandIn> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const entry = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body, ids: toIds(body) };
    const nth = received.push(entry) - 1;
    const answered = await Promise.resolve(entry)
      .then((arrived) => answer(arrived, nth))
      .catch((error: unknown): StandInAnswer => ({ status: 418, body: `the test's answer failed: ${String(error)}` }));
    if (answered === 'reset') {
      request.socket.destroy();
      return;
    }
    const content = typeof answered.body === 'string' ? 'text/plain' : 'application/vnd.elasticsearch+json;compatible-with=8';
    response.writeHead(answered.status, { 'content-type': content, 'x-elastic-product': 'Elasticsearch' });
    response.end(typeof answered.body === 'string' ? answered.body : JSON.stringify(answered.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    bulks: () => received.filter(({ url }) => url.includes('/_bulk')),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
