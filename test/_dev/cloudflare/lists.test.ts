import { describe, expect, it } from 'vitest';
import { KEY_HEADERS, openWorld, type World } from './open-world.ts';

const ACCOUNT = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const ZONES = Array.from({ length: 12 }, (_, index) => ({ id: index.toString(16).padStart(32, '0'), account: index < 10 ? ACCOUNT : OTHER }));
const LOGS_ONLY = `logs_${'x'.repeat(40)}`;
const OWNED = `owned_${'x'.repeat(40)}`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function open(): Promise<World> {
  return openWorld({
    accounts: [{ id: ACCOUNT }, { id: OTHER, name: 'Other' }],
    zones: ZONES,
    credentials: [
      { kind: 'global_key', email: KEY_HEADERS['x-auth-email'], key: KEY_HEADERS['x-auth-key'] },
      { kind: 'user_token', token: LOGS_ONLY, grants: { [ZONES[1]?.id ?? '']: ['Logs Read'] } },
      { kind: 'account_token', token: OWNED, accountId: ACCOUNT },
    ],
  });
}

async function list({ get }: World, path: string, headers: Readonly<Record<string, string>> = KEY_HEADERS) {
  const { text } = await get(path, headers);
  return JSON.parse(text) as {
    readonly result: readonly { readonly id: string; readonly name: string }[];
    readonly result_info: Readonly<Record<string, number>>;
  };
}

describe('GET /zones', () => {
  it('pages', async () => {
    const world = await open();
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(world, `/zones?per_page=5&page=${page}`)));
    expect(pages.map(({ result }) => result.length)).toEqual([5, 5, 2, 0]);
    expect(pages[2]?.result_info).toEqual({ page: 3, per_page: 5, count: 2, total_count: 12, total_pages: 3 });
    expect(new Set(pages.flatMap(({ result }) => result.map(({ id }) => id))).size).toBe(12);
    expect((await world.get('/zones?per_page=51', KEY_HEADERS)).status).toBe(400);
  });

  it('filters by account and name', async () => {
    const world = await open();
    expect((await list(world, `/zones?account.id=${OTHER}`)).result).toHaveLength(2);
    expect((await list(world, '/zones?name=example.org')).result.map(({ name }) => name)).toEqual(['example.org']);
    expect((await list(world, '/zones?status=pending')).result).toEqual([]);
  });

  it('shows a token what it may see, or nothing without Zone Read', async () => {
    const world = await open();
    expect((await list(world, '/zones', bearer(LOGS_ONLY))).result.map(({ id }) => id)).toEqual([ZONES[1]?.id]);
    world.setSwitch('zonesList', 'narrowed');
    expect((await list(world, '/zones', bearer(LOGS_ONLY))).result).toEqual([]);
  });
});

describe('GET /accounts and GET /user', () => {
  it('lists accounts, but not to an account-owned token', async () => {
    const world = await open();
    expect((await list(world, '/accounts')).result.map(({ id }) => id)).toEqual([ACCOUNT, OTHER]);
    const refused = await world.get('/accounts', bearer(OWNED));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('"code":1001,"message":"List accounts endpoint does not support account owned tokens."');
  });

  it('names the user of a key, not to a token without the permission, and no user to an account-owned token', async () => {
    const { get } = await open();
    expect(JSON.parse((await get('/user', KEY_HEADERS)).text)).toMatchObject({ result: { email: KEY_HEADERS['x-auth-email'] } });
    expect((await get('/user', bearer(LOGS_ONLY))).status).toBe(403);
    expect((await get('/user', bearer(OWNED))).text).toContain('9109');
  });
});
