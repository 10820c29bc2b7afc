import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { runCli } from './run-cli.ts';

const [FIRST, SECOND] = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string];

let api: SimulatedCloudflare;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'members-'));
  api = await startCloudflare({ limits: 'off', accounts: [{ id: FIRST }, { id: SECOND, members: [{ email: 'one.more@example.com' }] }] });
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

/** Checks both versions of the log of both accounts; there is no Elasticsearch. */
async function check(audit: object): Promise<string> {
  const file = join(folder, 'settings.yml');
  const streams = { audit: { account_id: [FIRST, SECOND], audit_api: 'both', ...audit } };
  const connections = [{ name: 'main', api_url: api.url, api_token: DEMO_CREDENTIALS[0].token, streams }];
  await writeFile(file, JSON.stringify({ elasticsearch: { url: 'http://127.0.0.1:9' }, connections }));
  return (await runCli(['check', '--config', file])).stdout;
}

describe('check of member lists', () => {
  it('tries the list of each account once where members are looked up', async () => {
    const stdout = await check({ resolve_members: true });
    expect(stdout.match(/members, account .*/g)).toEqual([`members, account ${FIRST}: 8 can be looked up`, `members, account ${SECOND}: 9 can be looked up`]);
  });

  it('warns where the list is refused: that is no reason not to collect', async () => {
    api.setSwitch('membersList', 'refused');
    const stdout = await check({ resolve_members: true });
    expect(stdout.match(/warn {2}connection main: members, account [12]{32}: listing the members of .* answered 403/g)).toHaveLength(2);
    expect(stdout).toMatch(/Account Settings Read.* Or remove resolve_members; without the list, events keep the ids of persons alone\./);
    expect(stdout).not.toMatch(/FAIL {2}connection/);
  });

  it('asks for no list where members are not looked up', async () => {
    expect(await check({})).not.toContain('members,');
    expect(api.ledger.requests.filter(({ path }) => path.endsWith('/members'))).toEqual([]);
  });
});
