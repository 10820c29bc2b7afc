import { describe, expect, it } from 'vitest';
import type { CredentialOptions } from '../../../_dev/cloudflare/options.ts';
import { KEY_HEADERS, NOW, openWorld, TOKEN_HEADERS, toTime } from './open-world.ts';

const ACCOUNT = 'a'.repeat(32);
const OTHER_ACCOUNT = 'b'.repeat(32);
const ZONE = 'c'.repeat(32);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const secret = (name: string) => `${name}_${'x'.repeat(40)}`;

const CREDENTIALS: readonly CredentialOptions[] = [
  { kind: 'user_token', token: secret('audit'), grants: { [ACCOUNT]: ['Account Settings Read'] } },
  { kind: 'user_token', token: secret('logs'), grants: { [ZONE]: ['Logs Read'] } },
  { kind: 'user_token', token: secret('disabled'), status: 'disabled' },
  { kind: 'account_token', token: secret('owned'), accountId: ACCOUNT },
];

async function open() {
  return openWorld({ accounts: [{ id: ACCOUNT }, { id: OTHER_ACCOUNT, name: 'Other' }], zones: [{ id: ZONE }], credentials: CREDENTIALS });
}

function readCodes(text: string): unknown {
  const { errors } = JSON.parse(text) as { readonly errors: readonly { readonly code: number; readonly error_chain?: readonly { readonly code: number }[] }[] };
  return errors.flatMap(({ code, error_chain: chain }) => [code, ...(chain ?? []).map((link) => link.code)]);
}

describe('credentials', () => {
  it.each([
    ['none', {}, 400, [9106]],
    ['a malformed Authorization', { authorization: 'Token abc' }, 400, [6003, 6111]],
    ['a short token', bearer('abc'), 400, [6003, 6111]],
    ['a token of nobody', bearer(secret('nobody')), 403, [9109]],
    ['a disabled token', bearer(secret('disabled')), 403, [9109]],
    ['a malformed key', { ...KEY_HEADERS, 'x-auth-key': 'abc' }, 400, [6003, 6103]],
    ['a malformed e-mail', { ...KEY_HEADERS, 'x-auth-email': 'abc' }, 400, [6003, 6102]],
    ['a key without e-mail', { 'x-auth-key': KEY_HEADERS['x-auth-key'] }, 400, [6003, 6100]],
    ['an e-mail without key', { 'x-auth-email': 'a@example.com' }, 400, [6003, 6101]],
    ['a key of nobody', KEY_HEADERS, 403, [9103]],
    ['both schemes', { ...TOKEN_HEADERS, ...KEY_HEADERS }, 400, [10001]],
    ['a token without the permission', bearer(secret('logs')), 403, [10000]],
  ])('refuses %s', async (_, headers, status, codes) => {
    const { get } = await open();
    const answer = await get(`/accounts/${ACCOUNT}/audit_logs`, headers as Record<string, string>);
    expect([answer.status, readCodes(answer.text)]).toEqual([status, codes]);
    expect(answer.headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-[A-Z]{3}$/);
  });

  it('links a missing permission to the documentation of the endpoint', async () => {
    const { get } = await open();
    expect((await get(`/accounts/${ACCOUNT}/audit_logs`, bearer(secret('logs')))).text).toContain('accounts/subresources/audit_logs/methods/list/');
  });

  it('answers an unknown token at Logpull with 10000, and with what the switches say', async () => {
    const { get, setSwitch } = await open();
    const path = `/zones/${ZONE}/logs/received`;
    const documented = await get(path, bearer(secret('nobody')));
    expect([documented.status, readCodes(documented.text)]).toEqual([401, [10000]]);
    setSwitch('unknownToken', 9109);
    setSwitch('authStatus', 400);
    const switched = await get(path, bearer(secret('nobody')));
    expect([switched.status, readCodes(switched.text)]).toEqual([400, [9109]]);
    expect((await get(path, bearer(secret('audit')))).status).toBe(400);
  });

  it('does not know a wrong account or zone, and says under which path', async () => {
    const { get, setSwitch } = await open();
    const answer = await get('/accounts/not-an-id/audit_logs', bearer(secret('audit')));
    expect([answer.status, readCodes(answer.text)]).toEqual([404, [7003]]);
    expect(answer.text).toContain('Could not route to /client/v4/accounts/not-an-id/audit_logs, perhaps');
    setSwitch('routeStatus', 400);
    expect((await get(`/zones/${'9'.repeat(32)}/logs/received`, bearer(secret('logs')))).status).toBe(400);
    expect(readCodes((await get('/nothing/here', bearer(secret('audit')))).text)).toEqual([7003, 7000]);
  });

  it('lets account-owned tokens into their account only', async () => {
    const { get } = await open();
    expect((await get(`/accounts/${ACCOUNT}/audit_logs`, bearer(secret('owned')))).status).toBe(200);
    expect((await get(`/accounts/${OTHER_ACCOUNT}/audit_logs`, bearer(secret('owned')))).status).toBe(403);
  });

  it('lets account-owned tokens into Logpull or not', async () => {
    const { get, setSwitch } = await open();
    const path = `/zones/${ZONE}/logs/received?start=${toTime(NOW - 600_000)}&end=${toTime(NOW - 540_000)}`;
    expect((await get(path, bearer(secret('owned')))).status).toBe(200);
    setSwitch('logpullAccountOwnedTokens', 'refused');
    expect((await get(path, bearer(secret('owned')))).status).toBe(403);
  });
});

describe('verify', () => {
  it('counts code 10000 among the messages as success for a user token', async () => {
    const { get } = await open();
    const answer = await get('/user/tokens/verify', bearer(secret('audit')));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ success: true, errors: [], result: { status: 'active' }, messages: [{ code: 10000, type: null }] });
  });

  it('names the state of a disabled token', async () => {
    const { get } = await open();
    expect(JSON.parse((await get('/user/tokens/verify', bearer(secret('disabled')))).text)).toMatchObject({ success: true, result: { status: 'disabled' } });
  });

  it.each([
    ['an account-owned token at the user route', '/user/tokens/verify', bearer(secret('owned')), 401, [1000]],
    ['a user token at the account route', `/accounts/${ACCOUNT}/tokens/verify`, bearer(secret('audit')), 401, [1000]],
    ['a token of nobody', '/user/tokens/verify', bearer(secret('nobody')), 401, [1000]],
  ])('refuses %s', async (_, path, headers, status, codes) => {
    const { get } = await open();
    const answer = await get(path, headers);
    expect([answer.status, readCodes(answer.text)]).toEqual([status, codes]);
  });

  it('accepts an account-owned token at the account route, and no key at either', async () => {
    const { get } = await open();
    expect(JSON.parse((await get(`/accounts/${ACCOUNT}/tokens/verify`, bearer(secret('owned')))).text)).toMatchObject({ result: { status: 'active' } });
    const world = await openWorld();
    const answer = await world.get('/user/tokens/verify', KEY_HEADERS);
    expect([answer.status, readCodes(answer.text)]).toEqual([400, [1001]]);
  });
});
