import { get, type IncomingHttpHeaders } from 'node:http';

/** What came over the wire, undecoded. */
export interface RawAnswer {
  /** 0: no answer at all. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Code of the error that ended it early. */
  readonly error?: string | undefined;
}

/** Gets an address without decoding anything; never rejects. */
export function getRaw(url: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const request = get(url, { headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      const end = (error?: NodeJS.ErrnoException): void =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces), error: error?.code });
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => end());
      response.on('error', end);
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ status: 0, headers: {}, body: Buffer.alloc(0), error: error.code }));
  });
}
