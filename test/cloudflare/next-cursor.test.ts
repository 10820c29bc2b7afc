import { afterEach, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { ACCOUNT, auditSourceV2, connectionTo, createTiming } from './sources.ts';
import { type Handle, type SeenRequest, sendJson, startServer, type TestServer } from './start-server.ts';

const BASE = Date.parse('2026-11-19T08:00:00Z');
const WINDOW = { since: BASE, before: BASE + 3_600_000 };

let server: TestServer | undefined;
afterEach(() => server?.close());

/** An answer: numbers of events, each a second later than the one before, and `result_info`. */
interface Page {
  readonly events: readonly number[];
  readonly info?: unknown;
}

/** Sends what a function of `since` (in seconds of the window) and cursor says; a number is a status. */
function serve(pageOf: (since: number, cursor: string | undefined) => Page | number): Handle {
  return ({ query }, response) => {
    const page = pageOf((Date.parse(String(query.since)) - BASE) / 1000, query.cursor);
    if (typeof page === 'number') return sendJson(response, { success: false, errors: [{ message: 'bad request: cursor is invalid' }] }, page);
    const result = page.events.map((event) => ({ id: `e${event}`, action: { time: new Date(BASE + event * 1000).toISOString() } }));
    return sendJson(response, { success: true, errors: [], result, result_info: page.info });
  };
}

async function readIds(handle: Handle, pageSize = 3): Promise<readonly number[]> {
  server = await startServer(handle);
  const cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0', timing: createTiming() });
  const ids: number[] = [];
  const request = { stream: 'audit', scopeId: ACCOUNT, window: WINDOW };
  try {
    for await (const batch of cloudflare.readWindow(auditSourceV2(pageSize), request, new AbortController().signal))
      ids.push(...batch.map(({ raw }) => Number((JSON.parse(raw.toString()) as { readonly id: string }).id.slice(1))));
  } finally {
    await cloudflare.close();
  }
  return ids;
}

function askedFor(requests: readonly SeenRequest[] = []): readonly string[] {
  return requests.map(({ query }) => `${(Date.parse(String(query.since)) - BASE) / 1000} ${query.cursor ?? '-'}`);
}

const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('reading by cursor', () => {
  it('asks with the same bounds and the cursor of the answer before, until there is none', async () => {
    const ids = await readIds(
      serve((_since, cursor) => (cursor === undefined ? { events: [1, 2, 3], info: { count: '3', cursor: 'A=' } } : { events: [4], info: { count: 1 } })),
    );
    expect(ids).toEqual([1, 2, 3, 4]);
    const base = { direction: 'asc', since: '2026-11-19T08:00:00Z', before: '2026-11-19T09:00:00Z', limit: '3' };
    expect(server?.requests.map(({ path, query }) => [path, query])).toEqual([
      [`/client/v4/accounts/${ACCOUNT}/logs/audit`, base],
      [`/client/v4/accounts/${ACCOUNT}/logs/audit`, { ...base, cursor: 'A=' }],
    ]);
  });

  it.each<[string, unknown]>([
    ['result_info.cursor', { cursor: 'A' }],
    ['result_info.cursors.after', { cursors: { after: 'A' } }],
    ['the second place where the first is empty', { cursor: '', cursors: { after: 'A' } }],
    ['the second place where the first is null', { cursor: null, cursors: { before: 'B', after: 'A' } }],
  ])('takes the cursor from %s', async (_name, info) => {
    expect(await readIds(serve((_since, cursor) => (cursor === 'A' ? { events: [4] } : { events: [1, 2, 3], info })))).toEqual([1, 2, 3, 4]);
  });

  it.each<[string, unknown]>([
    ['no result_info', undefined],
    ['null for result_info', null],
    ['an empty cursor', { cursor: '' }],
    ['null for a cursor', { cursor: null, cursors: {} }],
  ])('ends with %s, also on a full page', async (_name, info) => {
    expect(await readIds(serve(() => ({ events: [1, 2, 3], info })))).toEqual([1, 2, 3]);
    expect(server?.requests).toHaveLength(1);
  });

  it('ends on an empty page, though it names a next one', async () => {
    expect(await readIds(serve((_since, cursor) => ({ events: cursor === undefined ? [1, 2, 3] : [], info: { cursor: `${cursor ?? ''}A` } })))).toEqual([
      1, 2, 3,
    ]);
    expect(askedFor(server?.requests)).toEqual(['0 -', '0 A']);
  });

  it('ends where the last page names itself', async () => {
    const pages: Readonly<Record<string, Page>> = { '-': { events: [1, 2, 3], info: { cursor: 'A' } }, A: { events: [4], info: { cursor: 'A' } } };
    const ids = await readIds(serve((since, cursor) => (since > 0 ? { events: [4] } : (pages[cursor ?? '-'] as Page))));
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(askedFor(server?.requests)).toEqual(['0 -', '0 A', '3 -']);
  });

  it('asks anew from the last second on where a cursor comes again, and loses nothing', async () => {
    const from = (since: number): Page => {
      const events = range(1, 20).filter((event) => event >= since);
      return { events: events.slice(0, 3), ...(events.length > 3 ? { info: { cursor: 'stuck' } } : {}) };
    };
    expect(await readIds(serve((since) => from(since)))).toEqual(range(1, 20));
  });

  it('asks anew from the last second on where a cursor is refused', async () => {
    const ids = await readIds(
      serve((since, cursor) => {
        if (cursor === 'old') return 400;
        return since === 0 ? { events: [1, 2, 3], info: { cursor: 'old' } } : { events: [3, 4] };
      }),
    );
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(askedFor(server?.requests)).toEqual(['0 -', '0 old', '2 -']);
  });

  it('asks for shorter windows where a cursor leads nowhere and one second fills pages', async () => {
    await expect(readIds(serve((_since, cursor) => (cursor === undefined ? { events: [0, 0.1, 0.2], info: { cursor: 'old' } } : 400)))).rejects.toMatchObject({
      act: 'split',
    });
  });

  it('does not go round in circles where the server always answers the same', async () => {
    let count = 0;
    await expect(
      readIds(
        serve(() => {
          count += 1;
          return { events: [1, 2, 3], info: { cursor: `c${count}` } };
        }),
      ),
    ).rejects.toMatchObject({ act: 'split' });
    expect(count).toBeLessThan(6);
  });
});
