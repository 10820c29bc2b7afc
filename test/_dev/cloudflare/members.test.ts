import { describe, expect, it } from 'vitest';
import { KEY_HEADERS, openWorld, type World } from './open-world.ts';

const ACCOUNT = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const AUDIT = `audit_${'x'.repeat(40)}`;
const LOGS = `logs_${'x'.repeat(40)}`;
const GENERATED = 8;

interface Listed {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly user?: { readonly id: string; readonly email: string; readonly first_name: string | null };
}

async function open(): Promise<World> {
  const members = [
    { id: '1'.repeat(32), userId: '2'.repeat(32), email: 'extra@example.com', firstName: 'Ex', lastName: 'Tra' },
    { email: 'aaa@example.com', status: 'pending' as const },
  ];
  return openWorld({
    accounts: [{ id: ACCOUNT, members }, { id: OTHER }],
    credentials: [
      { kind: 'global_key', email: KEY_HEADERS['x-auth-email'], key: KEY_HEADERS['x-auth-key'] },
      { kind: 'user_token', token: AUDIT, grants: { [ACCOUNT]: ['Account Settings Read'] } },
      { kind: 'user_token', token: LOGS, grants: { '*': ['Logs Read'] } },
    ],
  });
}

async function list({ get }: World, search: string, account = ACCOUNT) {
  const { text } = await get(`/accounts/${account}/members${search}`, KEY_HEADERS);
  return JSON.parse(text) as { readonly result: readonly Listed[]; readonly result_info: Readonly<Record<string, number>> };
}

describe('GET /accounts/:account/members', () => {
  it('lists whoever acts in the events, and those of the options, in pages', async () => {
    const world = await open();
    const pages = await Promise.all([1, 2, 3].map((page) => list(world, `?per_page=5&page=${page}`)));
    expect(pages.map(({ result }) => result.length)).toEqual([5, 5, 0]);
    expect(pages[0]?.result_info).toEqual({ page: 1, per_page: 5, count: 5, total_count: GENERATED + 2, total_pages: 2 });
    const all = pages.flatMap(({ result }) => result);
    expect(new Set(all.map(({ id }) => id)).size).toBe(GENERATED + 2);
    const actors = world.ledger.auditEvents(ACCOUNT, '2026-11-20T00:00:00Z', '2026-11-20T12:00:00Z').flatMap(({ actor }) => (actor?.email ? [actor] : []));
    expect(actors.length).toBeGreaterThan(100);
    for (const { id, email } of actors) expect(all.find(({ user }) => user?.id === id)?.user?.email).toBe(email);
    expect((await world.get(`/accounts/${ACCOUNT}/members?per_page=51`, KEY_HEADERS)).status).toBe(400);
  });

  it('filters by status and sorts', async () => {
    const world = await open();
    const [pending] = (await list(world, '?status=pending')).result;
    expect(pending).toMatchObject({ email: 'aaa@example.com', status: 'pending' });
    expect(pending).not.toHaveProperty('user');
    const emails = (await list(world, '?order=user.email&direction=desc')).result.map(({ email }) => email);
    expect(emails).toEqual(emails.toSorted().toReversed());
    for (const wrong of ['?status=lost', '?order=age']) expect((await world.get(`/accounts/${ACCOUNT}/members${wrong}`, KEY_HEADERS)).status).toBe(400);
  });

  it('shows each account its own', async () => {
    const world = await open();
    const [first, second] = [await list(world, '?per_page=50'), await list(world, '?per_page=50', OTHER)];
    const ids = new Set(first.result.map(({ id }) => id));
    expect(second.result).toHaveLength(GENERATED);
    expect(second.result.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('refuses whoever has not the right, and everybody where the switch says so', async () => {
    const { get, setSwitch } = await open();
    const status = async (token: string) => (await get(`/accounts/${ACCOUNT}/members`, { authorization: `Bearer ${token}` })).status;
    expect([await status(AUDIT), await status(LOGS)]).toEqual([200, 403]);
    setSwitch('membersList', 'refused');
    expect(await status(AUDIT)).toBe(403);
  });
});
