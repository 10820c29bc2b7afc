import { describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../../_dev/cloudflare/credentials.ts';
import { KEY_HEADERS, MINUTE, NOW, openWorld, toSearch, toTime } from './open-world.ts';

describe('the ledger', () => {
  it('knows what was served, and no secret', async () => {
    const world = await openWorld();
    await world.readAudit({ per_page: 7 });
    await world.readLines({ start: toTime(NOW - 10 * MINUTE), end: toTime(NOW - 9 * MINUTE), count: 5 });
    await world.get('/user', KEY_HEADERS);
    await world.get('/user', {});
    const [audit, lines, user, refused] = world.ledger.requests;
    expect(audit).toMatchObject({
      number: 1,
      method: 'GET',
      path: `/accounts/${world.accountId}/audit_logs`,
      query: { per_page: '7' },
      status: 200,
      count: 7,
      complete: true,
      atMs: NOW,
    });
    expect(lines).toMatchObject({ path: `/zones/${world.zoneId}/logs/received`, count: 5 });
    expect(lines?.bytes).toBeGreaterThan(100);
    expect(user?.identity).toMatch(/^[0-9a-f]{32}$/);
    expect(refused).toMatchObject({ status: 400 });
    expect(refused).not.toHaveProperty('identity');
    const text = JSON.stringify(world.ledger.requests);
    for (const secret of [DEMO_CREDENTIALS[0].token, DEMO_CREDENTIALS[1].key]) expect(text).not.toContain(secret);
    expect(world.ledger.bugs).toEqual([]);
  });

  it('takes moments in every form', async () => {
    const { accountId, ledger } = await openWorld();
    const expected = ledger.auditEvents(accountId, NOW - 60 * MINUTE, NOW);
    expect(expected).toHaveLength(60);
    expect(ledger.auditEvents(accountId, toTime(NOW - 60 * MINUTE), toTime(NOW))).toEqual(expected);
    expect(ledger.auditEvents(accountId, BigInt(NOW - 60 * MINUTE) * 1_000_000n, BigInt(NOW) * 1_000_000n)).toEqual(expected);
    expect(() => ledger.auditEvents('nobody', 0, 1)).toThrow('there is no account nobody');
  });

  it('tells who listens', async () => {
    const world = await openWorld();
    const heard: string[] = [];
    const stop = world.ledger.onServed(({ path }) => heard.push(path));
    await world.get('/user');
    stop();
    await world.get(`/zones?${toSearch({ page: 1 })}`);
    expect(heard).toEqual(['/user']);
  });
});
