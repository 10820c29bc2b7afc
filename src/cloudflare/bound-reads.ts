import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** What one read takes from a socket at most. */
const MOST_BYTES = 16 * 1024;

/**
 * Bounds how much is held of an answer that comes faster than it is used. When undici has to pause, it puts what it did not parse yet back into the socket; since
 * it takes all the socket has each time, which lets the socket fetch more, that rest would grow with the answer, and be copied anew with each pause.
 *
 * It also keeps the end of a connection back until undici asks for more: told of it while it pauses, undici throws where nobody can catch.
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
  const push = socket.push.bind(socket);
  const read = socket.read.bind(socket);
  let ended = false;
  socket.push = (chunk, encoding) => {
    ended ||= chunk === null;
    return push(chunk, encoding);
  };
  socket.read = (size) => {
    // Node asks for nothing to see whether it is at the end.
    if (size === 0 && ended && socket.readableLength === 0) return null;
    // Whoever asks for exactly what is there is not told of the end yet.
    return read(size ?? (Math.min(socket.readableLength, MOST_BYTES) || undefined));
  };
}
