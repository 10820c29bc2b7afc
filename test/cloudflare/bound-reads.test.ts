import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { openDispatcher } from '../../src/cloudflare/open-dispatcher.ts';
import { decode } from '../../src/cloudflare/read-body.ts';
import { connectionTo } from './sources.ts';
import { startProxy } from './start-proxy.ts';
import { startServer } from './start-server.ts';

const MIB = 1024 * 1024;
const CHUNK_BYTES = 16 * 1024;
/** Random, so that it is as long when it is compressed. */
const ANSWER = randomBytes(8 * MIB);
const COMPRESSED = gzipSync(ANSWER);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function* toChunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** The sockets that answers come through from now on. */
function watchSockets(): readonly Socket[] {
  const sockets: Socket[] = [];
  const note = (message: unknown): void => {
    sockets.push((message as { readonly socket: Socket }).socket);
  };
  subscribe('undici:client:connected', note);
  closing.push(async () => unsubscribe('undici:client:connected', note));
  return sockets;
}

interface Compressed {
  readonly env?: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
}

async function openCompressed({ env = {}, headers = {} }: Compressed): Promise<{ readonly url: string; readonly dispatcher: Dispatcher }> {
  const server = await startServer((_request, response) => {
    Readable.from(toChunks(COMPRESSED)).pipe(response.writeHead(200, { 'content-encoding': 'gzip', ...headers }));
  });
  closing.push(server.close);
  const dispatcher = await openDispatcher(connectionTo(server.url), env);
  closing.push(() => dispatcher.destroy());
  return { url: server.url, dispatcher };
}

describe('boundReads', () => {
  it.each(['directly', 'through a proxy'])('holds little of an answer that comes %s faster than it is used', async (way) => {
    const proxy = await startProxy();
    closing.push(proxy.close);
    const sockets = watchSockets();
    const { url, dispatcher } = await openCompressed({ env: way === 'directly' ? {} : { HTTP_PROXY: `http://${proxy.url}` } });
    const { body } = await request(url, { dispatcher });
    let most = 0;
    const chunks: Buffer[] = [];
    for await (const chunk of decode(body, 'gzip') as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      most = Math.max(most, ...sockets.map(({ readableLength }) => readableLength));
      await nextTurn();
    }
    expect(Buffer.concat(chunks).equals(ANSWER)).toBe(true);
    expect(proxy.tunnels).toHaveLength(way === 'directly' ? 0 : 1);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(MIB / 2);
  });

  it.each([
    ['says its length', { 'content-length': COMPRESSED.length }],
    ['ends with the connection', { 'transfer-encoding': 'identity' }],
  ])('bears that the server closes while an answer that %s is still read', async (_what, headers) => {
    const { url, dispatcher } = await openCompressed({ headers: { connection: 'close', ...headers } });
    const { body } = await request(url, { dispatcher });
    const chunks: Buffer[] = [];
    for await (const chunk of decode(body, 'gzip') as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      await nextTurn();
    }
    expect(Buffer.concat(chunks).equals(ANSWER)).toBe(true);
  });
});
