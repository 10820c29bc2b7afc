import { afterEach, describe, expect, it } from 'vitest';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { CloudflareCredential } from '../../src/settings/settings.ts';
import { ACCOUNT, auditSource, connectionTo, createTiming, linesSource, ZONE } from './sources.ts';
import { type Handle, sendJson, startServer, type TestServer } from './start-server.ts';

const signal = new AbortController().signal;
const USER_ROUTE = '/client/v4/user/tokens/verify';
const ACCOUNT_ROUTE = `/client/v4/accounts/${ACCOUNT}/tokens/verify`;
const ACTIVE = {
  result: { id: 'ed17574386854bf78a67040be0a770b0', status: 'active', expires_on: '2027-01-01T00:00:00Z' },
  success: true,
  errors: [],
  messages: [{ code: 10000, message: 'This API Token is valid and active', type: null }],
};
const INVALID = { success: false, errors: [{ code: 1000, message: 'Invalid API Token' }], messages: [], result: null };

let server: TestServer | undefined;
let cloudflare: Cloudflare | undefined;
afterEach(async () => {
  await cloudflare?.close();
  await server?.close();
});

async function open(handle: Handle, credential?: CloudflareCredential): Promise<Cloudflare> {
  server = await startServer(handle);
  const connection = connectionTo(server.url, credential && { credential });
  cloudflare = await openCloudflare(connection, { version: '0.1.0', timing: createTiming() });
  return cloudflare;
}

function token(text: string): CloudflareCredential {
  return { kind: 'token', token: text };
}

describe('verify', () => {
  it.each([
    ['cfut_1234567890', [USER_ROUTE], 'userToken'],
    ['cfat_1234567890', [ACCOUNT_ROUTE], 'accountToken'],
    ['1234567890', [USER_ROUTE, ACCOUNT_ROUTE], 'accountToken'],
  ])('asks about %s at %j', async (text, routes, kind) => {
    const opened = await open(({ path }, response) => (path === routes.at(-1) ? sendJson(response, ACTIVE) : sendJson(response, INVALID, 401)), token(text));
    expect(await opened.verify([ACCOUNT], signal)).toEqual({ kind, id: ACTIVE.result.id, status: 'active', expiresOn: '2027-01-01T00:00:00Z' });
    expect(server?.requests.map(({ path }) => path)).toEqual(routes);
  });

  it('says that a token is refused by both, in the words about the token', async () => {
    const handle: Handle = ({ path }, response) =>
      path === USER_ROUTE ? sendJson(response, INVALID, 401) : sendJson(response, { success: false, errors: [{ code: 9109, message: 'Unauthorized' }] }, 403);
    const opened = await open(handle, token('1234567890'));
    await expect(opened.verify([ACCOUNT], signal)).rejects.toMatchObject({ act: 'pause', message: expect.stringContaining('1000 Invalid API Token') });
    expect(server?.requests).toHaveLength(2);
    await expect(opened.verify([], signal)).rejects.toMatchObject({ codes: [1000] });
    expect(server?.requests).toHaveLength(3);
  });

  it('hands out that a token is disabled', async () => {
    const opened = await open((_request, response) => sendJson(response, { success: true, errors: [], result: { id: 'a', status: 'disabled' } }));
    expect(await opened.verify([], signal)).toEqual({ kind: 'userToken', id: 'a', status: 'disabled' });
  });

  it('asks about a key at the user', async () => {
    const handle: Handle = (_request, response) => sendJson(response, { success: true, errors: [], result: { id: 'user-id', email: 'm@example.com' } });
    const opened = await open(handle, { kind: 'key', email: 'm@example.com', key: 'key-1234' });
    expect(await opened.verify([ACCOUNT], signal)).toEqual({ kind: 'key', id: 'user-id', status: 'active' });
    expect(server?.requests.map(({ path }) => path)).toEqual(['/client/v4/user']);
  });
});

describe('the lists', () => {
  it.each([true, false])('go through every page, with counts of pages: %s', async (counted) => {
    const ids = Array.from({ length: 120 }, (_, index) => `zone-${index}`);
    const opened = await open(({ query }, response) => {
      const from = (Number(query.page) - 1) * Number(query.per_page);
      const result = ids.slice(from, from + Number(query.per_page)).map((id) => ({ id, name: `${id}.example` }));
      sendJson(response, { success: true, errors: [], result, ...(counted ? { result_info: { total_pages: 3 } } : {}) });
    });
    expect((await opened.listZones(signal)).map(({ id }) => id)).toEqual(ids);
    expect(server?.requests.map(({ path, query }) => `${path} ${query.page}`)).toEqual([1, 2, 3].map((page) => `/client/v4/zones ${page}`));
  });

  it('end where a server gives the same page for ever', async () => {
    const result = Array.from({ length: 50 }, (_, index) => ({ id: `account-${index}`, name: 'a' }));
    const opened = await open((_request, response) => sendJson(response, { success: true, errors: [], result }));
    expect(await opened.listAccounts(signal)).toHaveLength(50);
    expect(server?.requests).toHaveLength(2);
  });

  it('name the permission that is missing', async () => {
    const opened = await open((_request, response) => sendJson(response, { success: false, errors: [{ code: 9109, message: 'Unauthorized' }] }, 403));
    await expect(opened.listZones(signal)).rejects.toMatchObject({ hint: expect.stringContaining('"Zone Read"') });
  });

  it('give the names of the fields that a zone offers', async () => {
    const opened = await open((_request, response) => sendJson(response, { RayID: 'ID of the request', ClientIP: 'IP address of the client' }));
    expect(await opened.offeredFields(ZONE, signal)).toEqual(['ClientIP', 'RayID']);
    expect(server?.requests[0]?.path).toBe(`/client/v4/zones/${ZONE}/logs/received/fields`);
  });
});

describe('probe', () => {
  it('reads one record of a page of one', async () => {
    const opened = await open((_request, response) => sendJson(response, { success: true, result: [{ id: 'e1', when: '2026-11-20T11:00:00Z' }] }));
    const record = await opened.probe(auditSource(), { stream: 'audit', scopeId: ACCOUNT }, signal);
    expect(record?.raw.toString()).toContain('"e1"');
    expect(server?.requests.map(({ query }) => query)).toEqual([
      { direction: 'asc', since: '2026-11-19T11:59:00Z', before: '2026-11-20T11:59:00Z', page: '1', per_page: '1' },
    ]);
  });

  it('reads one line of one minute, and answers undefined where there is none', async () => {
    const opened = await open((_request, response, count) => response.end(count === 0 ? '{"RayID":"1"}\n{"RayID":"2"}\n' : ''));
    expect((await opened.probe(linesSource, { stream: 'logpull', scopeId: ZONE }, signal))?.raw.toString()).toBe('{"RayID":"1"}');
    expect(await opened.probe(linesSource, { stream: 'logpull', scopeId: ZONE }, signal)).toBeUndefined();
    expect(server?.requests[0]?.query).toMatchObject({ start: '2026-11-20T11:54:00Z', end: '2026-11-20T11:55:00Z' });
  });
});
