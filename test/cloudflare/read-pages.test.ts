import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { ReadRequest } from '../../src/cloudflare/to-call.ts';
import type { CollectedRecord } from '../../src/cloudflare/to-record.ts';
import type { SourceDefinition } from '../../src/definition/definition.ts';
import { toDocumentId } from '../../src/pipeline/document-id.ts';
import { ACCOUNT, auditSource, connectionTo, createTiming } from './sources.ts';
import { type Handle, type SeenRequest, sendJson, startServer, type TestServer } from './start-server.ts';

const BASE = Date.parse('2026-11-19T08:00:00Z');
const WINDOW = { since: BASE, before: BASE + 3_600_000 };

interface Event {
  readonly id: string;
  readonly when: string;
}

/** Events, one per given number of milliseconds after the window's start. */
function eventsAt(offsets: readonly number[]): readonly Event[] {
  return offsets.map((offset, index) => ({ id: `e${index}`, when: new Date(BASE + offset).toISOString().replace('.000Z', 'Z') }));
}

interface ApiOptions {
  /** Most records of one query that any page gives. */
  readonly cap?: number;
  readonly exclusive?: boolean;
  readonly ignoresPage?: boolean;
  readonly pageSize?: number;
  readonly past?: (response: ServerResponse) => void;
}

/** An API that holds these events. */
function serveEvents(
  events: readonly Event[],
  { cap = Number.POSITIVE_INFINITY, exclusive = false, ignoresPage = false, pageSize, past }: ApiOptions = {},
): Handle {
  return ({ query }, response) => {
    const since = Date.parse(String(query.since));
    const before = Date.parse(String(query.before));
    const size = Math.min(Number(query.per_page), pageSize ?? Number.POSITIVE_INFINITY);
    const from = (ignoresPage ? 0 : Number(query.page) - 1) * size;
    const found = events.filter(({ when }) => (exclusive ? Date.parse(when) > since : Date.parse(when) >= since) && Date.parse(when) < before);
    const result = found.slice(0, cap).slice(from, from + size);
    if (result.length === 0 && from > 0 && past !== undefined) past(response);
    else sendJson(response, { errors: [], messages: [], result, success: true, ...(pageSize === undefined ? {} : { result_info: { per_page: size } }) });
  };
}

let server: TestServer | undefined;
afterEach(() => server?.close());

async function readAll(
  handle: Handle,
  source: SourceDefinition,
  batches: (readonly CollectedRecord[])[] = [],
  onLost?: ReadRequest['onLost'],
): Promise<readonly CollectedRecord[]> {
  server = await startServer(handle);
  const cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0', timing: createTiming() });
  const request = { stream: 'audit', scopeId: ACCOUNT, window: WINDOW, ...(onLost && { onLost }) };
  try {
    for await (const batch of cloudflare.readWindow(source, request, new AbortController().signal)) batches.push(batch);
  } finally {
    await cloudflare.close();
  }
  return batches.flat();
}

function idsOf(records: readonly CollectedRecord[]): readonly string[] {
  return records.map(({ raw }) => (JSON.parse(raw.toString()) as Event).id);
}

function askedFor(requests: readonly SeenRequest[]): readonly string[] {
  return requests.map(({ query }) => `${String(query.since).slice(11, 19)} ${query.page}`);
}

describe('readPages', () => {
  it('asks as declared, and gives each record with its id, its time and its own bytes', async () => {
    const element = '{ "zz": {"id": "no", "result": [1]},  "when":"2026-11-19T08:31:00.123456Z",\n "id" : "caf\\u00e9", "n": 1795082401123456789 }';
    const body = `{"messages":[{"code":10000,"result":[{"id":"no"}]}],\n "result" : [ ${element} , {"a":"]}\\\\\\""} ],"errors":null,"success":true}`;
    const records = await readAll((_request, response) => sendJson(response, body), auditSource());
    expect(records.map(({ raw }) => raw.toString())).toEqual([element, '{"a":"]}\\\\\\""}']);
    const timeMs = Date.parse('2026-11-19T08:31:00.123Z');
    const raw = Buffer.from(element);
    expect(records[0]).toMatchObject({ timeMs, id: toDocumentId({ source: 'v1', scopeId: ACCOUNT, timeMs, parts: ['café'], raw }) });
    expect(records[1]?.timeMs).toBeUndefined();
    expect(server?.requests[0]).toMatchObject({
      path: `/client/v4/accounts/${ACCOUNT}/audit_logs`,
      query: { direction: 'asc', since: '2026-11-19T08:00:00Z', before: '2026-11-19T09:00:00Z', page: '1', per_page: '1000' },
    });
  });

  it('takes a result of null for an empty page', async () => {
    expect(await readAll((_request, response) => sendJson(response, { errors: [], messages: [], result: null, success: true }), auditSource())).toEqual([]);
    expect(server?.requests).toHaveLength(1);
  });

  it('moves since instead of paging deep, and gives each record once', async () => {
    const events = eventsAt([0, 1000, 2000, 2000, 3000, 9000, 9500, 9500, 20_000]);
    const records = await readAll(serveEvents(events), auditSource(4));
    expect(idsOf(records)).toEqual(events.map(({ id }) => id));
    expect(askedFor(server?.requests ?? [])).toEqual(['08:00:00 1', '08:00:01 1', '08:00:02 1', '08:00:08 1', '08:00:19 1']);
  });

  it.each([true, false])('loses nothing at a seam where the bound is exclusive: %s', async (exclusive) => {
    const events = eventsAt(Array.from({ length: 60 }, (_, index) => 1000 + Math.floor(index / 3) * 1000));
    const records = await readAll(serveEvents(events, { exclusive, cap: 30 }), auditSource(10));
    expect(idsOf(records)).toEqual(events.map(({ id }) => id));
  });

  it('counts pages inside one second, and takes an empty page or a 400 for its end, but not a page that comes again', async () => {
    const events = eventsAt(Array.from({ length: 8 }, () => 5000));
    const refusal = (response: ServerResponse) => sendJson(response, { success: false, errors: [{ message: 'no such page' }] }, 400);
    for (const past of [undefined, refusal]) {
      const records = await readAll(serveEvents(events, past && { past }), auditSource(4));
      expect(idsOf(records)).toEqual(events.map(({ id }) => id));
      expect(askedFor(server?.requests ?? [])).toEqual(['08:00:00 1', '08:00:04 1', '08:00:04 2', '08:00:04 3', '08:00:06 1']);
      await server?.close();
    }
    await expect(readAll(serveEvents(events, { ignoresPage: true }), auditSource(4))).rejects.toMatchObject({ act: 'split' });
  });

  it('asks for shorter windows where pages end before the records do', async () => {
    const events = eventsAt([...Array.from({ length: 20 }, () => 5000), 60_000]);
    await expect(readAll(serveEvents(events, { cap: 12 }), auditSource(4))).rejects.toMatchObject({
      act: 'split',
      message: expect.stringMatching(/fewer records than the window holds.*, ray 9a1b2c3d4e5f6090-IAD$/),
    });
  });

  it('asks for shorter windows where the last second holds as much as a query ever gives', async () => {
    const crowd = eventsAt(Array.from({ length: 3500 }, () => 5000));
    await expect(readAll(serveEvents(crowd, { cap: 3000 }), auditSource(1000))).rejects.toMatchObject({ act: 'split' });
    expect(idsOf(await readAll(serveEvents(crowd), auditSource(1000)))).toEqual(crowd.map(({ id }) => id));
  });

  /** Reads where somebody takes what is lost; from which to which second of the window was lost. */
  async function readOver(handle: Handle, pageSize: number): Promise<{ readonly ids: readonly string[]; readonly lost: readonly (readonly number[])[] }> {
    const lost: (readonly number[])[] = [];
    const records = await readAll(handle, auditSource(pageSize), [], ({ since, before }, reason) => {
      expect(reason).toContain('with fewer records than the window holds');
      lost.push([(since - BASE) / 1000, (before - BASE) / 1000]);
    });
    return { ids: idsOf(records), lost };
  }

  const crowd = (offset: number, count = 3500): readonly number[] => Array.from({ length: count }, () => offset);

  it('gives up a second alone that holds more than a query ever gives, with as many requests as its pages, and reads on behind it', async () => {
    const times = [1000, 4000, ...crowd(5000), ...crowd(6000), 6500, 60_000];
    const { ids, lost } = await readOver(serveEvents(eventsAt(times), { cap: 3000 }), 1000);
    expect(lost).toEqual([
      [5, 6],
      [6, 7],
    ]);
    // The query behind which the first second fills up begins with the event before it.
    expect(ids).toHaveLength(2 + 2999 + 3000 + 1);
    expect(ids).toEqual(expect.arrayContaining(['e0', 'e1', 'e2', 'e3502', 'e7003']));
    expect(new Set(ids).size).toBe(ids.length);
    expect(server?.requests.length).toBeLessThan(12);
  });

  it('counts the next second as lost as well where events of exactly the start of a query may be left out', async () => {
    const times = [1000, 4000, ...crowd(5000), 6000, 6500, 60_000];
    const { ids, lost } = await readOver(serveEvents(eventsAt(times), { cap: 3000, exclusive: true }), 1000);
    expect(lost).toEqual([[5, 7]]);
    expect(ids).toEqual(expect.arrayContaining(['e0', 'e1', 'e3503', 'e3504']));
    expect(ids).not.toContain('e3502');
  });

  it('gives up a second alone behind which pages end before the records do', async () => {
    const events = eventsAt([...crowd(5000, 20), 6000, 60_000, 70_000]);
    const { ids, lost } = await readOver(serveEvents(events, { cap: 12 }), 4);
    expect(lost).toEqual([[5, 6]]);
    expect(ids).toEqual([...Array.from({ length: 12 }, (_, index) => `e${index}`), 'e20', 'e21', 'e22']);
  });

  it('gives up the last second of a window where it is too full', async () => {
    const last = WINDOW.before - WINDOW.since - 1000;
    const { ids, lost } = await readOver(serveEvents(eventsAt([0, ...crowd(last)]), { cap: 3000 }), 1000);
    expect(lost).toEqual([[last / 1000, last / 1000 + 1]]);
    expect(ids).toHaveLength(3001);
  });

  it('gives what earlier pages held before it fails on a later one', async () => {
    const events = eventsAt([1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    const serve = serveEvents(events);
    const batches: (readonly CollectedRecord[])[] = [];
    const handle: Handle = (request, response, count) => (count > 2 ? response.writeHead(502).end() : serve(request, response, count));
    await expect(readAll(handle, auditSource(3), batches)).rejects.toMatchObject({ act: 'retry', status: 502 });
    expect(idsOf(batches.flat())).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  });

  it('asks for every page of the same size', async () => {
    await readAll(serveEvents(eventsAt(Array.from({ length: 12 }, (_, index) => Math.floor(index / 6) * 1000))), auditSource(4));
    expect(new Set((server?.requests ?? []).map(({ query }) => query.per_page))).toEqual(new Set(['4']));
  });

  it('counts pages where the order is not ascending, and does not trust a server that repeats one', async () => {
    const events = eventsAt([9000, 8000, 7000, 6000, 5000, 4000, 3000]);
    expect(idsOf(await readAll(serveEvents(events), auditSource(3)))).toEqual(events.map(({ id }) => id));
    expect(askedFor(server?.requests ?? [])).toEqual(['08:00:00 1', '08:00:00 2', '08:00:00 3']);
    await server?.close();
    await expect(readAll(serveEvents(events, { ignoresPage: true }), auditSource(3))).rejects.toMatchObject({ act: 'split' });
  });

  it('does not take a page for the last one that is short because the server gives smaller pages', async () => {
    const events = eventsAt(Array.from({ length: 10 }, (_, index) => index * 5000));
    expect(idsOf(await readAll(serveEvents(events, { pageSize: 3 }), auditSource(1000)))).toEqual(events.map(({ id }) => id));
  });

  it('splits the window when a deep page times out', async () => {
    const events = eventsAt(Array.from({ length: 8 }, () => 5000));
    const serve = serveEvents(events);
    const handle: Handle = (request, response, count) => (request.query.page === '2' ? response.writeHead(504).end() : serve(request, response, count));
    await expect(readAll(handle, auditSource(4))).rejects.toMatchObject({ act: 'split', status: 504 });
    expect(server?.requests.filter(({ query }) => query.page === '2')).toHaveLength(1);
  });

  it('does not take a refused credential for the end of the pages', async () => {
    const events = eventsAt(Array.from({ length: 8 }, () => 5000));
    const past = (response: ServerResponse) => sendJson(response, { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, 400);
    await expect(readAll(serveEvents(events, { past }), auditSource(4))).rejects.toMatchObject({ act: 'pause', codes: [10000] });
  });

  it.each([
    ['pause', { success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [], result: [] }],
    ['bug', { success: true, errors: [], messages: [], result: { a: 1 } }],
    ['bug', { success: true, errors: [], messages: [] }],
    ['retry', '{"success":true,"result":[{"id":"cut"'],
    ['retry', '<html>hello</html>'],
  ])('refuses with %s a good status with %j', async (act, body) => {
    await expect(readAll((_request, response) => sendJson(response, body), auditSource())).rejects.toMatchObject({
      act,
      status: 200,
      ray: '9a1b2c3d4e5f6090-IAD',
    });
    expect(server?.requests).toHaveLength(act === 'retry' ? 4 : 1);
  });

  it('gives batches of at most 1 MiB', async () => {
    const result = Array.from({ length: 30 }, (_, index) => ({ id: `e${index}`, text: 'x'.repeat(100_000) }));
    const batches: (readonly CollectedRecord[])[] = [];
    expect(await readAll((_request, response) => sendJson(response, { success: true, result }), auditSource(), batches)).toHaveLength(30);
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 10]);
  });
});
