import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { closeServer } from '../close-server.ts';

/** A request of the collector to Elasticsearch. */
export interface ProxiedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly isBulk: boolean;
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Decides what the collector gets: what `forward` brings, something else, a connection that is cut, or nothing at all. */
export type Intervene = (
  request: ProxiedRequest,
  forward: (request?: ProxiedRequest) => Promise<ProxiedAnswer>,
) => Promise<ProxiedAnswer | 'reset' | 'silence'>;

/** Stands between a collector and a real Elasticsearch, on loopback. */
export interface ElasticsearchProxy {
  readonly url: string;
  /** Takes the place of the former; passes everything on where none is given. */
  readonly intervene: (intervene?: Intervene) => void;
  /** Refuses connections until `open`. */
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const passOn: Intervene = (_request, forward) => forward();

/** Starts a proxy in front of an Elasticsearch without security. */
export async function startElasticsearchProxy(target: string): Promise<ElasticsearchProxy> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(target);
  let intervene = passOn;
  const forward = async ({ method, path, headers, body }: ProxiedRequest): Promise<ProxiedAnswer> => {
    const outgoing = sendRequest({ hostname, port, method, path, agent, headers: { ...headers, 'content-length': body.length } });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
  };
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const given = await intervene(request, (changed = request) => forward(changed));
    if (given === 'reset') incoming.socket.destroy();
    if (typeof given === 'string' || response.destroyed) return;
    const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = given.headers;
    response.writeHead(given.status, { ...headers, 'content-length': given.body.length });
    response.end(given.body);
  };
  // A collector that was killed in the middle of a request is what this is for.
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  const shut = (): Promise<void> => closeServer(server);
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    intervene: (given = passOn) => {
      intervene = given;
    },
    shut,
    open: () => listen(own),
    close: async () => {
      await shut();
      agent.destroy();
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ProxiedRequest> {
  const path = incoming.url ?? '/';
  return { method: incoming.method ?? 'GET', path, headers: incoming.headers, body: await buffer(incoming), isBulk: /\/_bulk(\?|$)/.test(path) };
}

/** An answer of Elasticsearch's, made up. */
export function toAnswer(status: number, body: unknown): ProxiedAnswer {
  const headers = { 'content-type': 'application/vnd.elasticsearch+json;compatible-with=8', 'x-elastic-product': 'Elasticsearch' };
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}
