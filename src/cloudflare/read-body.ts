import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;

/**
 * The body as it was before compression, with back-pressure; reading fails where the compressed bytes are damaged or cut.
 * Destroying it destroys the request.
 */
export function decode(body: Readable, encoding: string): Readable {
  if (!/\bgzip\b/i.test(encoding)) return body;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The error reaches who reads the end of the pipe; without a callback it would be thrown beside it.
  return pipeline(body, gunzip, () => undefined);
}

/** The whole body; undefined, and the request ended, where it is longer than `maxBytes`. */
export async function readWhole(body: Readable, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) return undefined;
  }
  return Buffer.concat(chunks);
}

/** The first `maxBytes` of the body as text; the rest is not read. */
export async function readSome(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxBytes);
}
