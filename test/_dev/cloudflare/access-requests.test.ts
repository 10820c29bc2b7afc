import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../../_dev/cloudflare/access/access-event.ts';
import type { AccessOptions } from '../../../_dev/cloudflare/options.ts';
import type { Switches } from '../../../_dev/cloudflare/switches.ts';
import { HOUR, NOW, openWorld, TOKEN_HEADERS, toSearch, toTime, type World } from './open-world.ts';

type Query = Readonly<Record<string, string | number>>;

const DAY = { since: toTime(NOW - 24 * HOUR), until: toTime(NOW) };

function open(access: AccessOptions | 'off' = {}, switches: Partial<Switches> = {}): Promise<World> {
  return openWorld({ accounts: [{ access }], switches });
}

async function ask(
  world: World,
  query: Query,
): Promise<{ readonly status: number; readonly codes: readonly number[]; readonly result: readonly AccessEvent[] }> {
  const { status, text } = await world.get(`/accounts/${world.accountId}/access/logs/access_requests?${toSearch(query)}`);
  const { errors, result } = JSON.parse(text) as { readonly errors: readonly { readonly code: number }[]; readonly result: readonly AccessEvent[] | null };
  return { status, codes: errors.map(({ code }) => code), result: result ?? [] };
}

describe('Zero Trust logins', () => {
  it('come newest first, 25 at a time', async () => {
    const { result } = await ask(await open(), {});
    const times = result.map(({ created_at }) => Date.parse(String(created_at)));
    expect(times).toHaveLength(25);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('are all there in order over pages', async () => {
    const world = await open({ perHour: 20 });
    const read: AccessEvent[] = [];
    for (let page = 1; page < 7; page++) read.push(...(await ask(world, { ...DAY, direction: 'asc', limit: 100, per_page: 100, page })).result);
    expect(read).toEqual(world.ledger.accessEvents(world.accountId, DAY.since, DAY.until));
    expect(read).toHaveLength(480);
  });

  it('have no id, and some are there twice', async () => {
    const world = await open({ perHour: 600, twice: 0.1 });
    const events = world.ledger.accessEvents(world.accountId, NOW - 2 * HOUR, NOW).map((event) => JSON.stringify(event));
    expect(events.some((text) => /"id":/.test(text))).toBe(false);
    const copies = events.length - new Set(events).size;
    expect(copies).toBeGreaterThan(events.length * 0.05);
    expect(copies).toBeLessThan(events.length * 0.15);
  });

  it('have times of every form, all of which are times', async () => {
    const times = (await open({ perHour: 2000 }).then((world) => world.ledger.accessEvents(world.accountId, NOW - HOUR, NOW))).map(({ created_at }) =>
      String(created_at),
    );
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
    expect(new Set(times.map((time) => time.length)).size).toBeGreaterThan(2);
  });

  it.each([[{ per_page: 644 }], [{ limit: 99 }], [{ limit: 1000, per_page: 30 }], [{ page: 0 }], [{ since: 'yesterday' }], [{ direction: 'up' }]] as const)(
    'refuse %j',
    async (query) => {
      expect(await ask(await open(), query)).toMatchObject({ status: 400, codes: [12091] });
    },
  );

  it.each([
    ['limit', 5],
    ['per_page', 10],
  ] as const)('take the size of %s where that wins', async (accessPageSize, count) => {
    expect((await ask(await open({}, { accessPageSize }), { limit: 5, per_page: 10 })).result).toHaveLength(count);
  });

  it.each([
    [{}, true, false],
    [{ sinceInclusive: false, beforeInclusive: true }, false, true],
  ])('have bounds as the switches %j say', async (switches, atSince, atUntil) => {
    const [first, last] = [toTime(NOW - 3 * HOUR), toTime(NOW - 2 * HOUR)];
    const world = await open({ perHour: 0, extraEvents: [{ created_at: first }, { created_at: last }] }, switches);
    const { result } = await ask(world, { since: first, until: last, direction: 'asc' });
    expect(result.map(({ created_at }) => created_at)).toEqual([...(atSince ? [first] : []), ...(atUntil ? [last] : [])]);
  });

  it('are left out without a word where they are no longer kept', async () => {
    const world = await open({ retentionMs: 24 * HOUR });
    expect(await ask(world, { since: toTime(NOW - 72 * HOUR), until: toTime(NOW - 25 * HOUR) })).toEqual({ status: 200, codes: [], result: [] });
    expect((await ask(world, DAY)).result).toHaveLength(25);
  });

  it('are refused where Zero Trust is off, and to whom may not read them', async () => {
    expect(await ask(await open('off'), {})).toMatchObject({ status: 403, codes: [9999] });
    const token = `cfut_${'t'.repeat(40)}`;
    const world = await openWorld({ credentials: [{ kind: 'user_token', token, grants: { '*': ['Account Settings Read'] } }] });
    const { status } = await world.get(`/accounts/${world.accountId}/access/logs/access_requests`, { ...TOKEN_HEADERS, authorization: `Bearer ${token}` });
    expect(status).toBe(403);
  });
});
