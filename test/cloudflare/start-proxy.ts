import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on loopback that opens tunnels. */
export interface TestProxy {
  /** Without its scheme. */
  readonly url: string;
  /** Where each tunnel led to. */
  readonly tunnels: readonly string[];
  /** What each was asked for with. */
  readonly credentials: readonly (string | undefined)[];
  readonly close: () => Promise<void>;
}

/** Starts a proxy that lets everybody through. */
export async function startProxy(): Promise<TestProxy> {
  const tunnels: string[] = [];
  const credentials: (string | undefined)[] = [];
  const proxy = createServer();
  const sockets = new Set<Duplex>();
  proxy.on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    sockets.add(socket);
    credentials.push(request.headers['proxy-authorization']);
    const [host, port] = String(request.url).split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    tunnels,
    credentials,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}
