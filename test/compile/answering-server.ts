import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A request as it came. */
export interface SeenRequest {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

/** A server on loopback that answers as a test says. */
export interface AnsweringServer {
  /** Base address of the API. */
  readonly base: () => string;
  /** What came since the test began, or since `forget`. */
  readonly requests: () => readonly SeenRequest[];
  readonly forget: () => void;
  readonly answer: (by: (url: URL, response: ServerResponse) => void) => void;
}

/** Opens the server for the tests of a group. */
export function useServer(): AnsweringServer {
  let server: Server;
  let seen: SeenRequest[] = [];
  let answer: (url: URL, response: ServerResponse) => void;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(String(request.url), 'http://cloudflare');
      seen.push({ url, headers: request.headers });
      answer(url, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    base: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4/`,
    requests: () => seen,
    forget: () => {
      seen = [];
    },
    answer: (by) => {
      answer = by;
    },
  };
}
