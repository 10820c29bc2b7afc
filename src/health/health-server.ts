import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SettingsError } from '../errors.ts';
import type { HealthAddress } from '../settings/settings.ts';
import { type Pulse, STUCK_AFTER_MS } from './pulse.ts';
import type { Readiness } from './readiness.ts';

/** What the server tells. */
export interface HealthSources {
  readonly metrics: { readonly contentType: string; readonly render: () => Promise<string> };
  readonly readiness: () => Readiness;
  readonly pulse: Pick<Pulse, 'stillMs'>;
}

/** An open server. */
export interface HealthServer {
  /** e.g. `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface OpenOptions {
  readonly address: HealthAddress;
  /** Name of the settings file, for messages. */
  readonly file: string;
  readonly sources: HealthSources;
}

/**
 * Answers `/metrics`, `/livez` and `/readyz`: 200 where all is well, else 503 with the reason as JSON.
 * @throws SettingsError when the address cannot be listened on
 */
export async function openHealthServer({ address, file, sources }: OpenOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.method, request.url, sources)
      .catch((): Answer => toJson(500, { error: 'the answer could not be made' }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body));
  });
  await listen(server, address, file);
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}

async function listen(server: Server, { host, port }: HealthAddress, file: string): Promise<void> {
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'EADDRINUSE' ? `${host}:${port} is in use by another program` : `cannot listen on ${host}:${port} (${code})`;
    const hint = 'Name an address of this machine and a port that is free, or stop the program that uses it.';
    throw new SettingsError([{ file, path: 'health.address', message, hint }]);
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(method: string | undefined, url: string | undefined, { metrics, readiness, pulse }: HealthSources): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return toJson(405, { error: 'only GET and HEAD are answered' });
  switch (url?.split('?')[0]) {
    case '/metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.render() };
    case '/readyz': {
      const state = readiness();
      return toJson(state.ready ? 200 : 503, state);
    }
    case '/livez': {
      const stillMs = pulse.stillMs();
      const alive = stillMs < STUCK_AFTER_MS;
      const seconds = Math.floor(stillMs / 1000);
      return alive ? toJson(200, { alive }) : toJson(503, { alive, reason: `nothing has moved for ${seconds} s: collecting is stuck`, still_seconds: seconds });
    }
    default:
      return toJson(404, { error: 'there are /metrics, /livez and /readyz' });
  }
}

function toJson(status: number, content: object): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(content)}\n` };
}
