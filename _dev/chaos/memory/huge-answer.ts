import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { closeServer } from '../../close-server.ts';
import { DEMO_CREDENTIALS } from '../../cloudflare/credentials.ts';
import { startCloudflare } from '../../cloudflare/start-cloudflare.ts';

/** A Logpull of one zone whose first answer is huge: real lines over and over, each time with other ray ids. */
export interface HugeLogpull {
  /** As `api_url` takes it. */
  readonly url: string;
  readonly zoneId: string;
  /** Lines of the huge answer. */
  readonly lines: number;
  /** Its bytes before compression. */
  readonly bytes: number;
  /** How often lines were asked for. */
  readonly asked: () => number;
  readonly close: () => Promise<void>;
}

export interface HugeOptions {
  /** At most so many bytes before compression: the collector takes no more than Cloudflare gives. */
  readonly bytes: number;
  readonly gzip: boolean;
}

const LINES_IN_BLOCK = 1_000;
const ZONE = 'd4'.repeat(16);
const BEFORE_RAY = '"RayID":"';
const RAY_DIGITS = 16;

/** Starts it on loopback. */
export async function startHugeLogpull({ bytes, gzip }: HugeOptions): Promise<HugeLogpull> {
  const block = await drawBlock();
  const offered = JSON.stringify(Object.fromEntries(block.fields.map((name) => [name, ''])));
  const blocks = Math.floor(bytes / block.text.length);
  let asked = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.includes('/logs/received/fields')) {
      response.setHeader('content-type', 'application/json').end(offered);
      return;
    }
    if (!request.url?.includes('/logs/received?')) {
      response.writeHead(404).end();
      return;
    }
    asked += 1;
    const stream = Readable.from(asked === 1 ? toBlocks(block, blocks) : []);
    response.setHeader('content-type', 'text/plain');
    if (gzip) response.setHeader('content-encoding', 'gzip');
    const sent = gzip ? pipeline(stream, createGzip({ level: constants.Z_BEST_SPEED }), response) : pipeline(stream, response);
    // A collector that is ended in the middle is seen by who started it.
    sent.catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    zoneId: ZONE,
    lines: blocks * LINES_IN_BLOCK,
    bytes: blocks * block.text.length,
    asked: () => asked,
    close: () => closeServer(server),
  };
}

interface Block {
  readonly text: Buffer;
  /** Where the ray id of each line begins. */
  readonly rays: readonly number[];
  readonly fields: readonly string[];
}

/** Lines of the simulated Logpull with every field. */
async function drawBlock(): Promise<Block> {
  const cloudflare = await startCloudflare({ zones: [{ id: ZONE, linesPerHour: 4 * LINES_IN_BLOCK }] });
  try {
    const now = Date.now();
    const fields = Object.keys((await readOffered(cloudflare.url)) as object);
    const lines = [...cloudflare.ledger.logpullLines(ZONE, now - 3_600_000, now, { fields })].slice(0, LINES_IN_BLOCK);
    if (lines.length < LINES_IN_BLOCK) throw new Error(`the simulated Logpull has only ${lines.length} lines`);
    const text = Buffer.from(`${lines.join('\n')}\n`);
    return { text, rays: findRays(text), fields };
  } finally {
    await cloudflare.close();
  }
}

/** The first in each line: what a line tells of subrequests has ray ids too, and stands behind. */
function findRays(text: Buffer): readonly number[] {
  const rays: number[] = [];
  for (let line = 0; line < text.length; line = text.indexOf(10, line) + 1) rays.push(text.indexOf(BEFORE_RAY, line) + BEFORE_RAY.length);
  return rays;
}

async function readOffered(url: string): Promise<unknown> {
  const response = await fetch(`${url}/zones/${ZONE}/logs/received/fields`, { headers: { authorization: `Bearer ${DEMO_CREDENTIALS[0].token}` } });
  return response.json();
}

function* toBlocks({ rays, text }: Block, count: number): Generator<Buffer> {
  let number = 0;
  for (let made = 0; made < count; made += 1) {
    const copy = Buffer.from(text);
    for (const at of rays) copy.write((number++).toString(16).padStart(RAY_DIGITS, '0'), at, 'latin1');
    yield copy;
  }
}
