import { once } from 'node:events';
import type { Server } from 'node:http';

/** Ends a server with all its connections; resolves when its port is free. One that does not listen is left as it is. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
