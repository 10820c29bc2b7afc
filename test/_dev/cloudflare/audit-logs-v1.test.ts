import { describe, expect, it } from 'vitest';
import { type AuditRecord, HOUR, MINUTE, NOW, openWorld, TOKEN_HEADERS, toTime, type World } from './open-world.ts';

async function readPages(world: World, query: Readonly<Record<string, string | number>>, perPage: number): Promise<readonly AuditRecord[]> {
  const all: AuditRecord[] = [];
  for (let page = 1; ; page++) {
    const records = await world.readAudit({ ...query, page, per_page: perPage });
    all.push(...records);
    if (records.length < perPage) return all;
  }
}

const DAY = { since: toTime(NOW - 24 * HOUR), before: toTime(NOW) };

describe('audit events', () => {
  it('come newest first, 100 at a time', async () => {
    const { readAudit } = await openWorld();
    const records = await readAudit({});
    expect(records).toHaveLength(100);
    const times = records.map(({ when }) => Date.parse(when));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[0]).toBeLessThanOrEqual(NOW);
  });

  it.each(['asc', 'desc'] as const)('are all there in order over pages, %s', async (direction) => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 97 }] });
    const expected = world.ledger.auditEvents(world.accountId, DAY.since, DAY.before).map(({ id }) => id);
    const read = await readPages(world, { ...DAY, direction }, 77);
    expect(expected).toHaveLength(97 * 24);
    expect(read.map(({ id }) => id)).toEqual(direction === 'asc' ? expected : [...expected].reverse());
    expect(new Set(expected).size).toBe(expected.length);
  });

  it('are the same in every world of the seed and others in another', async () => {
    const [first, again, other] = await Promise.all([openWorld(), openWorld(), openWorld({ seed: 2, accounts: [{ id: 'cca61cf2922b061df5227889256d12b2' }] })]);
    const records = await first.readAudit({});
    expect(await again.readAudit({})).toEqual(records);
    expect(await other.readAudit({})).not.toEqual(records);
  });

  it('are as varied as real ones', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 2000 }] });
    const records = world.ledger.auditEvents(world.accountId, NOW - 5 * HOUR, NOW);
    const types = new Set(records.map(({ action }) => action?.type));
    const named = [
      'login',
      'token_create',
      'token_revoke',
      'token_roll',
      'API_key_view',
      'API_key_created',
      'rotate_API_key',
      'purge',
      'add',
      'delete',
      'rec_add',
      'rec_del',
    ];
    expect([...types]).toEqual(expect.arrayContaining([...named, 'change_setting', 'tls_settings_deployed', undefined]));
    expect(new Set(records.map(({ actor }) => actor?.type))).toEqual(new Set(['user', 'admin', 'system', 'Cloudflare', undefined]));
    expect(records.filter(({ action }) => action?.type === 'login' && !action.result).length).toBeGreaterThan(100);
    expect(records.filter(({ actor }) => actor?.ip === 'unknown').length).toBeGreaterThan(0);
    expect(records.filter(({ actor }) => actor?.type === 'system').every(({ actor }) => actor?.ip === undefined)).toBe(true);
    expect(records.some(({ when }) => /:\d\dZ$/.test(when ?? '')) && records.some(({ when }) => /\.\d{6}Z$/.test(when ?? ''))).toBe(true);
    const ties = records.filter(({ when }, index) => when === records[index - 1]?.when);
    expect(ties.length).toBeGreaterThan(500);
  });

  it('can crowd into one second, and be given', async () => {
    const at = NOW - HOUR;
    const extra = { id: 'mine', when: '2026-11-20T10:59:59.5Z', actor: { id: '1', ip: 'gateway', type: 'user' } };
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 0, bursts: [{ at, count: 2500 }], extraEvents: [extra] }] });
    const records = await readPages(world, { ...DAY, direction: 'asc' }, 1000);
    expect(records).toHaveLength(2501);
    expect(records[0]).toEqual(extra);
    expect(new Set(records.slice(1).map(({ when }) => when))).toEqual(new Set([toTime(at).replace('.000Z', 'Z')]));
    expect(new Set(records.map(({ id }) => id)).size).toBe(2501);
  });

  it('appear late and out of order while they are indexed', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 1200 }], switches: { indexingDelayMs: 10 * MINUTE } });
    const query = { since: toTime(NOW - HOUR), before: toTime(NOW), direction: 'asc' };
    const [expected, early] = [world.ledger.auditEvents(world.accountId, NOW - HOUR, NOW), await readPages(world, query, 1000)];
    expect(early.length).toBeGreaterThan(1000);
    expect(early.length).toBeLessThan(expected.length);
    const lastSeen = Math.max(...early.map(({ when }) => Date.parse(when)));
    world.clock.advance(10 * MINUTE);
    const later = await readPages(world, query, 1000);
    expect(later.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    const known = new Set(early.map(({ id }) => id));
    expect(later.filter(({ id, when }) => !known.has(id) && Date.parse(when) < lastSeen).length).toBeGreaterThan(0);
  });
});

describe('the query', () => {
  const when = '2026-11-20T10:00:00Z';
  const edge = { accounts: [{ auditEventsPerHour: 0, extraEvents: [{ id: 'edge', when }] }] };

  it('includes since and excludes before, unless the switches say otherwise', async () => {
    const { readAudit, setSwitch } = await openWorld(edge);
    expect(await readAudit({ since: when })).toHaveLength(1);
    expect(await readAudit({ since: '2026-11-20', before: when })).toHaveLength(0);
    setSwitch('sinceInclusive', false);
    setSwitch('beforeInclusive', true);
    expect(await readAudit({ since: when })).toHaveLength(0);
    expect(await readAudit({ since: '2026-11-20', before: when })).toHaveLength(1);
  });

  it.each(['per_page=0', 'per_page=1001', 'per_page=x', 'page=0', 'direction=up', 'since=yesterday', 'before=2026-02-30'])('refuses %s', async (query) => {
    const world = await openWorld();
    const { status, text } = await world.get(`/accounts/${world.accountId}/audit_logs?${query}`);
    expect(status).toBe(400);
    expect(text).toContain(`Invalid format for field: ${query.split('=')[0]}`);
  });

  it('refuses what is older than 18 months', async () => {
    const world = await openWorld();
    const ask = (query: string) => world.get(`/accounts/${world.accountId}/audit_logs?${query}`);
    expect((await ask('since=2025-05-20T11:59:59Z')).text).toContain('Invalid format for field: since');
    expect((await ask('before=2025-05-20T11:59:59Z')).text).toContain('Invalid format for field: before');
    expect((await ask('since=2025-05-20T12:00:00Z&direction=asc&per_page=1')).status).toBe(200);
  });

  it('filters', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 600 }] });
    const all = await world.readAudit({ ...DAY, per_page: 1000 });
    const sample = all.find(({ actor }) => actor?.ip?.includes('.')) as AuditRecord;
    const ask = (filter: Readonly<Record<string, string>>) => world.readAudit({ ...DAY, per_page: 1000, ...filter });
    expect(await ask({ id: sample.id })).toEqual([sample]);
    expect(new Set((await ask({ 'action.type': 'login' })).map(({ action }) => action?.type))).toEqual(new Set(['login']));
    expect(new Set((await ask({ 'actor.email': sample.actor?.email ?? '' })).map(({ actor }) => actor?.email))).toEqual(new Set([sample.actor?.email]));
    expect(new Set((await ask({ 'actor.ip': `${sample.actor?.ip}/32` })).map(({ actor }) => actor?.ip))).toEqual(new Set([sample.actor?.ip]));
    const ofAccount = await ask({ hide_user_logs: 'true' });
    expect(ofAccount.some(({ action }) => action?.type === 'login')).toBe(false);
    expect(ofAccount).toHaveLength(1000);
  });

  it('exports CSV', async () => {
    const world = await openWorld();
    const { headers, text } = await world.get(`/accounts/${world.accountId}/audit_logs?export=true&per_page=5`);
    expect(headers.get('content-type')).toBe('text/csv');
    expect(text.split('\r\n')[0]).toBe('id,when,action,success,actor email,actor ip,interface,resource type,resource id,metadata,old value,new value');
  });
});

describe('the switches of audit v1', () => {
  const busy = { accounts: [{ auditEventsPerHour: 1000 }] };

  it('v1Cap3000 hides what lies behind 3000 entries', async () => {
    const { readAudit } = await openWorld({ ...busy, switches: { v1Cap3000: true } });
    const counts = await Promise.all([1, 3, 4, 5].map(async (page) => (await readAudit({ ...DAY, page, per_page: 1000 })).length));
    expect(counts).toEqual([1000, 1000, 0, 0]);
    expect(await readAudit({ ...DAY, page: 5, per_page: 700 })).toHaveLength(200);
  });

  it('pastLastPage answers 400 behind the last page, not on an empty first one', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 0 }], switches: { pastLastPage: 400 } });
    expect((await world.get(`/accounts/${world.accountId}/audit_logs?page=2`)).status).toBe(400);
    expect((await world.get(`/accounts/${world.accountId}/audit_logs?page=1`)).status).toBe(200);
  });

  it('emptyResult sends null', async () => {
    const world = await openWorld({ accounts: [{ auditEventsPerHour: 0 }], switches: { emptyResult: 'null' } });
    expect((await world.get(`/accounts/${world.accountId}/audit_logs`)).text).toBe('{"errors":[],"messages":[],"result":null,"success":true}');
  });

  it('resultInfo sends totals', async () => {
    const world = await openWorld({ ...busy, switches: { resultInfo: true } });
    const { text } = await world.get(`/accounts/${world.accountId}/audit_logs?since=${DAY.since}&before=${DAY.before}&per_page=500`, TOKEN_HEADERS);
    expect(JSON.parse(text)).toMatchObject({ result_info: { page: 1, per_page: 500, count: 500, total_count: 24_000, total_pages: 48 } });
  });
});
