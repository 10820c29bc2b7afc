import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from './run-cli.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const ZONE = '023e105f4ecef8ad9ca31a8372d0c353';
/** Port 9 is that of discard, where nobody listens. */
const CLOSED = 'http://127.0.0.1:9';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unfit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(command: string, connections: readonly object[]): Promise<CliResult> {
  const common = { api_token: 'a-token-of-forty-characters-0000000000001', api_url: `${CLOSED}/client/v4` };
  const settings = { elasticsearch: { url: CLOSED }, connections: connections.map((connection) => ({ ...common, ...connection })) };
  await writeFile(join(folder, 'settings.yml'), JSON.stringify(settings));
  return runCli([command, '--config', 'settings.yml'], { cwd: folder });
}

const fast = { name: 'main', streams: { audit: { account_id: [ACCOUNT], interval: '400ms' }, logpull: { zone_id: [ZONE], interval: '2s' } } };

describe('settings that ask for more than the rate limits allow', () => {
  it.each(['check', 'collect'])('stop %s with the shortest interval that fits', async (command) => {
    const { exitCode, stderr, stdout } = await run(command, [fast]);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(
      'settings.yml connections[0].streams.audit.interval: connection main, stream audit: with the interval 400ms the settings ask for at least 900 requests of this Cloudflare user in 5m, and 600 may be sent\n' +
        '    Set the interval to 1s or longer; or collect less with this Cloudflare user, or raise rate_budget_share.',
    );
    expect(stderr).toContain(
      'stream logpull: with the interval 2s the settings ask for at least 30 requests for Logpull of one zone in 1m, and 15 may be sent',
    );
    expect(stderr).toContain('Set the interval to 4s or longer; or read this zone in one connection only.');
  });

  it('count the connections of one rate budget together', async () => {
    const audit = { account_id: [ACCOUNT], interval: '800ms' };
    const alone = { streams: { audit } };
    const together = { ...alone, rate_budget: 'customer' };
    const first = await run('check', [
      { name: 'a', ...alone, api_token: 'another-token-of-forty-characters-0000001' },
      { name: 'b', ...alone },
    ]);
    expect(first.stderr).not.toContain('requests of this Cloudflare user');
    const { exitCode, stderr } = await run('check', [
      { name: 'a', ...together, api_token: 'another-token-of-forty-characters-0000001' },
      { name: 'b', ...together },
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('connection b, stream audit: with the interval 800ms the settings ask for at least 750 requests of this Cloudflare user in 5m');
  });

  it('fit with a larger share', async () => {
    const { stderr } = await run('check', [{ name: 'main', rate_budget_share: 100, streams: { audit: { account_id: [ACCOUNT], interval: '400ms' } } }]);
    expect(stderr).not.toContain('requests of this Cloudflare user');
  });

  it('are faults where the share is no percentage', async () => {
    const { exitCode, stderr } = await run('check', [{ name: 'main', rate_budget_share: 120, streams: {} }]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('connections[0].rate_budget_share: this is no percentage from 1 to 100');
  });
});
