import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on loopback that knows CONNECT only. */
export interface ConnectProxy {
  /** `HOST:PORT`. */
  readonly host: string;
  /** Targets of the tunnels that were opened. */
  readonly tunnels: readonly string[];
  /** How many were refused. */
  readonly refused: () => number;
  readonly close: () => Promise<void>;
}

interface ProxyOptions {
  /** `USER:PASSWORD` that is asked for. */
  readonly login?: string;
  /** Makes it an https proxy. */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** Starts a proxy; it answers 407 to whoever does not show the login, and 405 to all but CONNECT. */
export async function startConnectProxy({ login, tls }: ProxyOptions = {}): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Duplex>();
  let refused = 0;
  const server: Server = tls === undefined ? createServer() : (createTlsServer(tls) as unknown as Server);
  server.on('request', (_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Duplex) => {
    socket.on('error', () => {});
    if (login !== undefined && request.headers['proxy-authorization'] !== `Basic ${Buffer.from(login).toString('base64')}`) {
      refused += 1;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    tunnels.push(String(request.url));
    const [host, port] = String(request.url).split(':');
    const target = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const one of [target, socket]) sockets.add(one);
    target.on('error', () => socket.destroy());
    target.pipe(socket).pipe(target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    refused: () => refused,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
