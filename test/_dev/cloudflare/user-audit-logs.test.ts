import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../_dev/cloudflare/audit/audit-event.ts';
import type { CredentialOptions } from '../../../_dev/cloudflare/options.ts';
import { HOUR, KEY_HEADERS, NOW, openWorld, TOKEN_HEADERS, toTime, type World } from './open-world.ts';

const DAY = `since=${toTime(NOW - 24 * HOUR)}&before=${toTime(NOW)}`;

async function read(world: World, query: string, headers: Readonly<Record<string, string>> = TOKEN_HEADERS): Promise<readonly AuditEvent[]> {
  const { status, text } = await world.get(`/user/audit_logs?${query}`, headers);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return (JSON.parse(text) as { readonly result: readonly AuditEvent[] | null }).result ?? [];
}

describe('user audit events', () => {
  it('are those of the ledger, in the pages of account audit logs, for token and key of a user alike', async () => {
    const world = await openWorld({ users: { auditEventsPerHour: 20 } });
    const expected = world.ledger.userAuditEvents(world.users[0]?.id ?? '', NOW - 24 * HOUR, NOW);
    expect(expected).toHaveLength(480);
    for (const headers of [TOKEN_HEADERS, KEY_HEADERS]) {
      const pages = await Promise.all([1, 2, 3, 4, 5].map((page) => read(world, `${DAY}&direction=asc&page=${page}&per_page=100`, headers)));
      expect(pages.flat()).toEqual(expected);
    }
    expect(await read(world, '')).toHaveLength(100);
  });

  it('are of the user alone, and about the own login, tokens and keys', async () => {
    const world = await openWorld();
    const events = await read(world, 'per_page=1000');
    const [user] = world.users;
    expect(new Set(events.flatMap(({ actor }) => actor?.id ?? []))).toEqual(new Set([user?.id]));
    expect(new Set(events.flatMap(({ actor }) => actor?.email ?? []))).toEqual(new Set([user?.email]));
    expect(new Set(events.flatMap(({ action }) => action?.type ?? []))).toContain('token_create');
    expect((await read(world, 'hide_user_logs=true')).every(({ action }) => action === undefined)).toBe(true);
  });

  it('differ from user to user', async () => {
    const other = { kind: 'user_token', token: `cfut_${'o'.repeat(40)}`, email: 'other@example.com' } as const satisfies CredentialOptions;
    const mine = { kind: 'user_token', token: `cfut_${'m'.repeat(40)}`, email: 'mine@example.com' } as const satisfies CredentialOptions;
    const world = await openWorld({ credentials: [mine, other] });
    expect(world.users.map(({ email }) => email)).toEqual(['mine@example.com', 'other@example.com']);
    const [first, second] = await Promise.all([mine, other].map(({ token }) => read(world, DAY, { authorization: `Bearer ${token}` })));
    expect(first).not.toEqual(second);
  });

  it.each<[name: string, credential: CredentialOptions, code: number]>([
    ['a token that an account owns', { kind: 'account_token', token: 'a'.repeat(40), accountId: 'a'.repeat(32) }, 9109],
    ['a token without the permission', { kind: 'user_token', token: 'a'.repeat(40), grants: { '*': ['Logs Read'] } }, 10000],
  ])('are refused to %s', async (_name, credential, code) => {
    const world = await openWorld({ credentials: [credential], accounts: [{ id: 'a'.repeat(32) }] });
    const { status, text } = await world.get('/user/audit_logs', { authorization: `Bearer ${'a'.repeat(40)}` });
    expect({ status, errors: (JSON.parse(text) as { readonly errors: readonly object[] }).errors }).toMatchObject({ status: 403, errors: [{ code }] });
  });

  it('take a permission on any account', async () => {
    const credential = { kind: 'user_token', token: 'a'.repeat(40), grants: { ['a'.repeat(32)]: ['Account Settings Read'] } } as const;
    const world = await openWorld({ credentials: [credential] });
    expect(await read(world, DAY, { authorization: `Bearer ${credential.token}` })).not.toEqual([]);
  });
});
