import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { CollectedRecord } from '../../src/cloudflare/to-record.ts';
import { toDocumentId } from '../../src/pipeline/document-id.ts';
import { connectionTo, createTiming, linesSource, ZONE } from './sources.ts';
import { startServer, type TestServer } from './start-server.ts';

const WINDOW = { since: Date.parse('2026-11-19T10:00:00Z'), before: Date.parse('2026-11-19T10:05:00Z') };
const PARTS = ['9a1b2c3d4e5f60aa', '1795082401123456789', '1795082401223456789', '192.0.2.44', 'GET', '/index.html?q=1'];
const LINE =
  '{"ClientIP":"192.0.2.44","ClientRequestMethod":"GET","ClientRequestURI":"/index.html?q=1","EdgeEndTimestamp":1795082401223456789,"EdgeStartTimestamp":1795082401123456789,"RayID":"9a1b2c3d4e5f60aa"}';
const OTHER = LINE.replace('60aa"', '60ab"');

let server: TestServer | undefined;
afterEach(() => server?.close());

interface Read {
  readonly records: readonly CollectedRecord[];
  readonly batches: readonly (readonly CollectedRecord[])[];
}

async function readBody(send: (response: ServerResponse) => void): Promise<Read> {
  server = await startServer((_request, response) => {
    response.setHeader('cf-ray', '9a1b-IAD');
    send(response);
  });
  const cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0', timing: createTiming() });
  const batches: (readonly CollectedRecord[])[] = [];
  const request = { stream: 'logpull', scopeId: ZONE, window: WINDOW, fields: ['ClientRequestHost', 'RayID'] };
  try {
    for await (const batch of cloudflare.readWindow(linesSource, request, new AbortController().signal)) batches.push(batch);
  } finally {
    await cloudflare.close();
  }
  return { records: batches.flat(), batches };
}

function sendGzip(bytes: Buffer): (response: ServerResponse) => void {
  return (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
}

function idOf(parts: readonly string[], raw: string, timeMs: number | undefined): string {
  return toDocumentId({ source: 'received', scopeId: ZONE, timeMs, parts, raw: Buffer.from(raw) });
}

describe('readLines', () => {
  it('asks as declared, with the fields of id and time', async () => {
    await readBody((response) => response.end());
    expect(server?.requests[0]).toMatchObject({
      path: `/client/v4/zones/${ZONE}/logs/received`,
      query: {
        fields: 'RayID,EdgeStartTimestamp,EdgeEndTimestamp,ClientIP,ClientRequestMethod,ClientRequestURI,ClientRequestHost',
        timestamps: 'unixnano',
        start: '2026-11-19T10:00:00Z',
        end: '2026-11-19T10:05:00Z',
      },
      headers: { 'accept-encoding': 'gzip' },
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['gzip', sendGzip(gzipSync(`${LINE}\n${OTHER}\n`))],
    ['gzip of two members', sendGzip(Buffer.concat([gzipSync(`${LINE}\n${OTHER.slice(0, 5)}`), gzipSync(`${OTHER.slice(5)}\n`)]))],
    ['no compression', (response) => response.end(`${LINE}\n${OTHER}\n`)],
    ['CRLF and empty lines', (response) => response.end(`${LINE}\r\n\r\n \r\n${OTHER}\r\n`)],
    ['no line end at the end', (response) => response.end(`${LINE}\n${OTHER}`)],
  ])('reads %s', async (_name, send) => {
    const { records } = await readBody(send);
    expect(records.map(({ raw }) => raw.toString())).toEqual([LINE, OTHER]);
    expect(records[0]).toMatchObject({ timeMs: 1795082401123, id: idOf(PARTS, LINE, 1795082401123) });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['an empty body', (response) => response.end()],
    ['an empty gzip body', sendGzip(gzipSync(''))],
    ['status 204', (response) => response.writeHead(204).end()],
    ['one line end', (response) => response.end('\r\n')],
  ])('gives nothing for %s', async (_name, send) => {
    expect((await readBody(send)).records).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['the error trailer', (response) => response.end(`${LINE}\nError streaming data\n`), /ends in "Error streaming data"/],
    ['the error trailer glued to a cut line', (response) => response.end(`${LINE}\n${LINE.slice(0, 50)}Error streaming data\r\n`), /Error streaming data/],
    ['a cut last line', (response) => response.end(`${LINE}\n${LINE.slice(0, 50)}`), /last line is cut/],
    ['truncated gzip', sendGzip(gzipSync(`${LINE}\n`.repeat(1000)).subarray(0, -20)), /broke off: unexpected end of file/],
    ['no gzip', sendGzip(Buffer.from(`${LINE}\n`)), /broke off: incorrect header check/],
    ['a page of HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'), /a page of HTML/],
    [
      'a lost connection',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write(`${LINE}\n`, () => response.destroy());
      },
      /broke off/,
    ],
    ['an endless line', (response) => response.end('x'.repeat(17 * 1024 * 1024)), /a line of more than/],
  ])('reads the window again after %s', async (_name, send, message) => {
    await expect(readBody(send)).rejects.toMatchObject({ act: 'retry', status: 200, ray: '9a1b-IAD', message: expect.stringMatching(message) });
    expect(server?.requests).toHaveLength(1);
  });

  it.each(['01_403_10000_forbidden_docurl.json', '25_200_success_false.json'])('pauses for %s under a good status', async (file) => {
    const body = readFileSync(join(import.meta.dirname, 'errors', file));
    await expect(readBody((response) => response.end(body))).rejects.toMatchObject({ act: 'pause', codes: [10000] });
  });

  it.each([
    ['another order of keys', `{"RayID":"9a1b2c3d4e5f60aa",${LINE.slice(1).replace(',"RayID":"9a1b2c3d4e5f60aa"', '')}`],
    ['a value that looks like a key', `{"ClientRequestUserAgent":"\\",\\"RayID\\":\\"x","a":"{\\"RayID\\":1}",${LINE.slice(1)}`],
    ['the same keys deeper down', `{"Cookies":{"RayID":"x","ClientIP":{}},"l":[{"RayID":1},"]"],${LINE.slice(1)}`],
    ['an escaped key', LINE.replace('"RayID"', '"R\\u0061yID"')],
    ['an escaped value', LINE.replace('/index', '\\/inde\\u0078')],
    ['a repeated key', `{"RayID":"first",${LINE.slice(1)}`],
    ['white space', LINE.replaceAll(':', ' :\t').replaceAll(',', ' , ')],
  ])('finds the same id with %s', async (_name, line) => {
    const { records } = await readBody((response) => response.end(`${line}\n`));
    expect(records.map(({ id, raw }) => [id, raw.toString()])).toEqual([[idOf(PARTS, LINE, 1795082401123), line]]);
  });

  it.each([
    ['absent values', '{"RayID":"9a"}', ['9a'], undefined],
    ['no integer', '{"RayID":1.5,"ClientIP":true,"EdgeStartTimestamp":null}', ['', '', '', 'true'], undefined],
    ['no JSON', '{"RayID":"9a"', [], undefined],
    ['a list', '["RayID"]', [], undefined],
    ['no value of the tuple', '{"ClientIP":{"RayID":"9a"}}', [], undefined],
    ['RFC 3339', '{"RayID":"9a","EdgeStartTimestamp":"2026-11-19T10:00:01.9Z"}', ['9a', '2026-11-19T10:00:01.9Z'], 1795082401900],
  ])('makes an id of %s', async (_name, line, given, timeMs) => {
    const { records } = await readBody((response) => response.end(`${line}\n${LINE}\n`));
    const parts = given.length === 0 ? [] : Array.from({ length: 6 }, (_, index) => given[index] ?? '');
    expect(records[0]).toMatchObject({ id: idOf(parts, line, timeMs), timeMs });
    if (timeMs === undefined) expect(records[0]?.timeMs).toBeUndefined();
  });

  it('passes invalid UTF-8 and lines of 300 KiB through, byte for byte', async () => {
    const long = Buffer.from(LINE.replace('{', `{"ClientRequestUserAgent":"${'ü'.repeat(150_000)}",`));
    const bad = Buffer.concat([Buffer.from('{"RayID":"9a","ClientRequestUserAgent":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const { records } = await readBody(sendGzip(gzipSync(Buffer.concat([bad, Buffer.from('\n'), long, Buffer.from('\n')]))));
    expect(records.map(({ raw }, index) => raw.equals(index === 0 ? bad : long))).toEqual([true, true]);
    expect(records[1]?.id).toBe(idOf(PARTS, '', 1795082401123));
  });

  it('gives batches of at most 1 MiB', async () => {
    const { batches, records } = await readBody(sendGzip(gzipSync(`${LINE}\n`.repeat(20_000))));
    expect(records).toHaveLength(20_000);
    const sizes = batches.map((batch) => batch.reduce((sum, { raw }) => sum + raw.length, 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    expect(batches).toHaveLength(Math.ceil((20_000 * LINE.length) / (1024 * 1024)));
  });

  it('reads nothing more while nobody pulls, and ends the request when nobody wants the rest', async () => {
    const chunk = Buffer.from(`${LINE}\n`.repeat(5_000));
    let written = 0;
    let closed: Promise<void> | undefined;
    server = await startServer((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      const pump = (): void => {
        while (written < 500 * chunk.length && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on('drain', pump);
      pump();
    });
    const cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0' });
    const request = { stream: 'logpull', scopeId: ZONE, window: WINDOW };
    for await (const batch of cloudflare.readWindow(linesSource, request, new AbortController().signal)) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    await closed;
    expect(written).toBeLessThan(100 * chunk.length);
    await cloudflare.close();
  });
});
