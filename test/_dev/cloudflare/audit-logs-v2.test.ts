import { describe, expect, it } from 'vitest';
import type { AuditEventV2 } from '../../../_dev/cloudflare/audit/audit-event-v2.ts';
import { type Answer, HOUR, NOW, openWorld, toSearch, toTime, type World } from './open-world.ts';

const DAY = { since: toTime(NOW - 24 * HOUR), before: toTime(NOW) };

interface Page {
  readonly result: readonly AuditEventV2[] | null;
  readonly result_info: { readonly count: string | number; readonly cursor?: string; readonly cursors?: { readonly after?: string } };
}

function ask(world: World, query: Readonly<Record<string, string | number>>): Promise<Answer> {
  return world.get(`/accounts/${world.accountId}/logs/audit?${toSearch(query)}`);
}

async function readPage(world: World, query: Readonly<Record<string, string | number>>): Promise<Page> {
  const { status, text } = await ask(world, { ...DAY, ...query });
  expect(status).toBe(200);
  return JSON.parse(text) as Page;
}

async function readAll(world: World, query: Readonly<Record<string, string | number>>): Promise<readonly AuditEventV2[]> {
  const all: AuditEventV2[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Page = await readPage(world, cursor === '' ? query : { ...query, cursor });
    all.push(...(page.result ?? []));
    cursor = page.result_info.cursor;
  }
  return all;
}

describe('audit events, version 2', () => {
  it.each(['asc', 'desc'] as const)('are all there in order behind cursors, %s', async (direction) => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 97, bursts: [{ at: NOW - HOUR, count: 300 }] }] });
    const expected = world.ledger.auditEventsV2(world.accountId, DAY.since, DAY.before).map(({ id }) => id);
    const read = await readAll(world, { direction, limit: 77 });
    expect(expected.length).toBeGreaterThan(2000);
    expect(read.map(({ id }) => id)).toEqual(direction === 'asc' ? expected : [...expected].reverse());
    expect(new Set(expected).size).toBe(expected.length);
  });

  it('come newest first, 100 at a time, with ids of their own', async () => {
    const world = await openWorld();
    const { result } = await readPage(world, {});
    expect(result).toHaveLength(100);
    const times = (result ?? []).map(({ action }) => Date.parse(String(action?.time)));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const ids = new Set(world.ledger.auditEvents(world.accountId, DAY.since, DAY.before).map(({ id }) => id));
    expect((result ?? []).some(({ id }) => ids.has(id))).toBe(false);
  });

  it('are as varied as the reference says', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 2000 }] });
    const events = world.ledger.auditEventsV2(world.accountId, NOW - 5 * HOUR, NOW);
    expect(new Set(events.map(({ action }) => action?.type))).toEqual(new Set(['create', 'delete', 'update', 'login', undefined]));
    const types = ['user', 'account', 'system', 'cloudflare_admin', 'Cloudflare_admin', undefined];
    expect(new Set(events.map(({ actor }) => actor?.type))).toEqual(new Set(types));
    expect(new Set(events.map(({ resource }) => typeof resource?.scope))).toEqual(new Set(['string', 'object', 'undefined']));
    expect(events.filter(({ actor }) => actor?.type === 'account').every(({ actor }) => actor?.email === undefined)).toBe(true);
    expect(events.some(({ id }) => /^[0-9a-f]{32}$/.test(String(id))) && events.some(({ id }) => String(id).length === 36)).toBe(true);
    expect(events.some(({ action }) => /\.\d{3}Z$/.test(String(action?.time))) && events.some(({ action }) => /:\d\dZ$/.test(String(action?.time)))).toBe(true);
    expect(events.some(({ action }) => action?.result === '')).toBe(true);
  });
});

describe('the query of version 2', () => {
  it.each([
    [{}, 'since is required'],
    [{ since: DAY.since }, 'before is required'],
    [{ ...DAY, limit: 1001 }, 'limit must be between 1 and 1000'],
    [{ ...DAY, direction: 'up' }, 'direction must be asc or desc'],
    [{ ...DAY, cursor: 'xyz' }, 'cursor is invalid'],
    [{ ...DAY, since: 'yesterday' }, 'since is no date or date-time'],
  ])('refuses %j without a code', async (query, why) => {
    const { status, text } = await ask(await openWorld(), query as Readonly<Record<string, string | number>>);
    expect([status, JSON.parse(text)]).toEqual([400, { success: false, errors: [{ message: `bad request: ${why}` }] }]);
  });

  it('refuses the cursor of another query', async () => {
    const world = await openWorld();
    const { result_info } = await readPage(world, { direction: 'asc', limit: 10 });
    const { status } = await ask(world, { ...DAY, direction: 'desc', limit: 10, cursor: String(result_info.cursor) });
    expect(status).toBe(400);
  });

  it('holds nothing before 2026-03-10', async () => {
    const world = await openWorld();
    expect((await readPage(world, { since: '2025-12-01', before: '2026-03-10' })).result).toEqual([]);
    const { result } = await readPage(world, { since: '2025-12-01', before: '2026-03-11', direction: 'asc', limit: 1 });
    expect(result?.[0]?.action?.time.slice(0, 10)).toBe('2026-03-10');
  });

  it('filters, also by what must not be', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 300 }] });
    const typesOf = async (query: Readonly<Record<string, string>>) =>
      new Set((await readAll(world, { limit: 1000, ...query })).map(({ action }) => action?.type));
    expect(await typesOf({ action_type: 'delete' })).toEqual(new Set(['delete']));
    expect((await typesOf({ 'action_type.not': 'delete' })).has('delete')).toBe(false);
  });

  it('needs Account Settings Read', async () => {
    const token = `cfut_${'x'.repeat(40)}`;
    const world = await openWorld({ credentials: [{ kind: 'user_token', token, grants: { '*': ['Zone Read'] } }] });
    expect((await world.get(`/accounts/${world.accountId}/logs/audit?${toSearch(DAY)}`, { authorization: `Bearer ${token}` })).status).toBe(403);
  });
});

describe('the switches of audit v2', () => {
  it('show count as text or number, and the cursor in two places', async () => {
    const world = await openWorld();
    const documented = await readPage(world, { limit: 5 });
    expect(documented.result_info).toEqual({ count: '5', cursor: expect.any(String) as string });
    world.setSwitch('v2Count', 'number');
    world.setSwitch('v2Cursor', 'cursors.after');
    expect((await readPage(world, { limit: 5 })).result_info).toEqual({ count: 5, cursors: { after: documented.result_info.cursor } });
  });

  it('show a cursor on the last page', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 1 }] });
    expect((await readPage(world, {})).result_info).toEqual({ count: expect.any(String) as string });
    world.setSwitch('v2LastCursor', true);
    const last = await readPage(world, {});
    const behind = await readPage(world, { cursor: String(last.result_info.cursor) });
    expect([last.result?.length, behind.result, behind.result_info]).toEqual([expect.any(Number), [], { count: '0' }]);
  });

  it('repeat a cursor where the fault says so', async () => {
    const world = await openWorld();
    world.faults.add({ answer: { repeatCursor: true } });
    const first = await readPage(world, { limit: 5 });
    const cursor = String(first.result_info.cursor);
    const second = await readPage(world, { limit: 5, cursor });
    expect(second.result_info.cursor).toBe(cursor);
    expect(second.result?.[0]?.id).not.toBe(first.result?.[0]?.id);
  });
});
