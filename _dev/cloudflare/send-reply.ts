import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { FaultAnswer } from './faults.ts';
import type { Reply } from './reply.ts';

export interface Sending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly reply: Reply;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault?: FaultAnswer | undefined;
}

/** How far a reply came. */
export interface Sent {
  readonly bytes: number;
  readonly complete: boolean;
}

const GZIP_LEVEL = 1;
const TRUNCATED_BYTES = 20;

/** Sends a reply with all that its fault does to the connection. Never throws for a client that went away. */
export async function sendReply(sending: Sending): Promise<Sent> {
  const { fault = {}, headers, reply, request, response } = sending;
  await pause(fault.slowMs, response);
  if (fault.reset === 'before') request.socket.resetAndDestroy();
  if (fault.stall === 'before') await waitForClose(response);
  if (fault.reset === 'before' || response.destroyed) return { bytes: 0, complete: false };
  const isGzip = acceptsGzip(request);
  const encoding = isGzip ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {};
  response.writeHead(reply.status, { 'content-type': reply.contentType, ...encoding, ...headers, ...reply.headers });
  const counter = { bytes: 0 };
  try {
    const pieces = Readable.from(typeof reply.body === 'string' ? toPieces(reply.body) : reply.body, { highWaterMark: 2 });
    const wire = (source: AsyncIterable<Buffer>) => spoilWire(truncate(source, fault), { counter, fault, request, response });
    await (isGzip && !fault.notGzip ? pipeline(pieces, createGzip({ level: GZIP_LEVEL }), wire, response) : pipeline(pieces, wire, response));
    return { bytes: counter.bytes, complete: true };
  } catch (error) {
    if (!response.destroyed && !isClosed(error)) throw error;
    return { bytes: counter.bytes, complete: false };
  }
}

function toPieces(body: string): readonly Buffer[] {
  return body === '' ? [] : [Buffer.from(body)];
}

interface Wire {
  readonly counter: { bytes: number };
  readonly fault: FaultAnswer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function* spoilWire(source: AsyncIterable<Buffer>, { counter, fault, request, response }: Wire): AsyncGenerator<Buffer> {
  const stopAt = typeof fault.reset === 'number' ? fault.reset : typeof fault.stall === 'number' ? fault.stall : Infinity;
  for await (const piece of source) {
    await pause(fault.dripMs, response);
    const part = piece.subarray(0, Math.max(0, stopAt - counter.bytes));
    counter.bytes += part.length;
    if (part.length > 0) yield part;
    if (counter.bytes >= stopAt) await stop(fault, request, response);
  }
  if (counter.bytes < stopAt && stopAt !== Infinity) await stop(fault, request, response);
}

async function stop({ reset }: FaultAnswer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  // What was written has to leave first, or the client sees a reset before any answer.
  if (reset === undefined) await waitForClose(response);
  else await new Promise<void>((resolve) => request.socket.write('', () => resolve())).then(() => request.socket.resetAndDestroy());
  throw Object.assign(new Error('the fault ends the answer here'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

/** Holds the last bytes back for good. */
async function* truncate(source: AsyncIterable<Buffer>, { truncateGzip }: FaultAnswer): AsyncGenerator<Buffer> {
  const bytes = truncateGzip === true ? TRUNCATED_BYTES : (truncateGzip ?? 0);
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    const all = held.length === 0 ? piece : Buffer.concat([held, piece]);
    const cut = Math.max(0, all.length - bytes);
    held = all.subarray(cut);
    if (cut > 0) yield all.subarray(0, cut);
  }
}

async function pause(ms: number | undefined, response: ServerResponse): Promise<void> {
  if (ms === undefined || response.destroyed) return;
  const abort = new AbortController();
  const end = (): void => abort.abort();
  response.once('close', end);
  await sleep(ms, undefined, { signal: abort.signal }).catch(() => {});
  response.off('close', end);
}

async function waitForClose(response: ServerResponse): Promise<void> {
  if (!response.destroyed) await once(response, 'close');
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(headers['accept-encoding'] ?? ''));
}

function isClosed(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
