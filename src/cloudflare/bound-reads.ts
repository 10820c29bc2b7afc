import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** What one read takes from a socket at most. */
const MOST_BYTES = 16 * 1024;

/**
 * Bounds how much is held of an answer that comes faster than it is used. When undici has to pause, it puts what it did not parse yet back into the socket; since
 * it takes all the socket has each time, which lets the socket fetch more, that rest would grow with the answer, and be copied anew with each pause.
 */
export function boundReads(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...given) => {
      const [error, socket] = given;
      if (error === null) bound(socket);
      callback(...given);
    });
}

function bound(socket: Socket): void {
  const read = socket.read.bind(socket);
  socket.read = (size) => read(size ?? (socket.readableLength > MOST_BYTES ? MOST_BYTES : undefined));
}
