import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { createBudget } from '../../src/cloudflare/budget.ts';
import { MOST_MEMBERS } from '../../src/cloudflare/list-members.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { systemTiming } from '../../src/cloudflare/timing.ts';
import { ACCOUNT, connectionTo } from './sources.ts';
import { startServer } from './start-server.ts';

const signal = new AbortController().signal;
const GENERATED = 8;

let api: SimulatedCloudflare | undefined;
let cloudflare: Cloudflare;
afterEach(async () => {
  await cloudflare.close();
  await api?.close();
  api = undefined;
});

async function open(options: CloudflareOptions): Promise<Cloudflare> {
  api = await startCloudflare({ limits: 'off', ...options });
  cloudflare = await openCloudflare(connectionTo(api.url, { credential: { kind: 'token', token: DEMO_CREDENTIALS[0].token } }), { version: '0.1.0' });
  return cloudflare;
}

describe('listMembers', () => {
  it('reads every page, and knows members by user and by membership', async () => {
    const members = Array.from({ length: 103 }, (_, index) => ({
      id: `${index}`.padStart(32, '0'),
      userId: `${index}`.padStart(32, 'e'),
      email: `member-${index}@example.com`,
      firstName: index === 0 ? null : 'Mem',
      lastName: index < 2 ? null : `Ber ${index}`,
    }));
    const { byId, count, isCut } = await (await open({ accounts: [{ id: ACCOUNT, members }] })).listMembers(ACCOUNT, signal);
    expect({ count, isCut }).toEqual({ count: 103 + GENERATED, isCut: false });
    expect(byId.get('e'.repeat(31).concat('0'))).toEqual({ email: 'member-0@example.com' });
    expect(byId.get('e'.repeat(31).concat('1'))).toEqual({ name: 'Mem', email: 'member-1@example.com' });
    expect(byId.get(`${102}`.padStart(32, '0'))).toEqual({ name: 'Mem Ber 102', email: 'member-102@example.com' });
    expect(byId.size).toBe(2 * count);
    expect(api?.ledger.requests.map(({ query }) => query.page)).toEqual(['1', '2', '3']);
  });

  it('knows whoever is only invited by membership', async () => {
    const { byId } = await (
      await open({ accounts: [{ id: ACCOUNT, members: [{ id: '7'.repeat(32), email: 'new@example.com', status: 'pending' }] }] })
    ).listMembers(ACCOUNT, signal);
    expect(byId.get('7'.repeat(32))).toEqual({ email: 'new@example.com' });
  });

  it('is refused without the right, and says which it is', async () => {
    const { listMembers } = await open({ accounts: [{ id: ACCOUNT }], switches: { membersList: 'refused' } });
    await expect(listMembers(ACCOUNT, signal)).rejects.toMatchObject({ act: 'pause', status: 403, hint: expect.stringContaining('Account Settings Read') });
  });

  it('takes a turn of the rate budget for each page', async () => {
    api = await startCloudflare({ limits: 'off', accounts: [{ id: ACCOUNT }] });
    const budget = createBudget({ timing: systemTiming, share: 1 });
    const connection = connectionTo(api.url, { credential: { kind: 'token', token: DEMO_CREDENTIALS[0].token } });
    cloudflare = await openCloudflare(connection, { version: '0.1.0', budget });
    const before = budget.left();
    await cloudflare.listMembers(ACCOUNT, signal);
    expect(budget.left()).toBe(before - 1);
  });

  it('stops at its bound, however many members an account has', async () => {
    let page = 0;
    const server = await startServer((_request, response) => {
      page += 1;
      const result = Array.from({ length: 50 }, (_, index) => ({ id: `${page}-${index}`, email: 'x@example.com' }));
      response.end(JSON.stringify({ success: true, result }));
    });
    try {
      cloudflare = await openCloudflare(connectionTo(server.url), { version: '0.1.0' });
      expect(await cloudflare.listMembers(ACCOUNT, signal)).toMatchObject({ count: MOST_MEMBERS, isCut: true });
      expect(page).toBe(MOST_MEMBERS / 50);
    } finally {
      await server.close();
    }
  });
});
