import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { describeTls, makeCertificates } from '../certificates.ts';
import { startConnectProxy } from '../connect-proxy.ts';
import { type StandInAnswer, startStandIn } from '../elasticsearch/stand-in.ts';
import { PLANTED, scanForSecrets } from '../scan-for-secrets.ts';
import { type CliResult, runCli, type Surroundings } from './run-cli.ts';

// What gets no answer is asked for again with growing pauses.
vi.setConfig({ testTimeout: 120_000 });

const ACCOUNT = 'a'.repeat(32);
/** The credentials of the settings are good for nothing here. */
const credentials: readonly CredentialOptions[] = [{ kind: 'user_token', token: 'o'.repeat(44) }];
const login = `user:${encodeURIComponent(PLANTED.proxyPassword)}@`;

let folder: string;
const open: { readonly close: () => Promise<unknown> }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
  await rm(folder, { recursive: true });
});

function later<Closable extends { readonly close: () => Promise<unknown> }>(closable: Closable): Closable {
  open.push(closable);
  return closable;
}

const unauthorized = { status: 401, body: { error: { type: 'security_exception', reason: 'unable to authenticate with provided credentials' }, status: 401 } };

interface Places {
  readonly apiUrl: string;
  readonly proxyUrl?: string;
  readonly elasticsearch?: (nth: number) => StandInAnswer;
  readonly elasticsearchProxy?: string;
}

/** Runs a command with all four secrets in its settings. `runCli` scans what it writes; the folder is scanned here. */
async function run(
  command: string,
  { apiUrl, proxyUrl, elasticsearch = () => unauthorized, elasticsearchProxy }: Places,
  given?: Surroundings,
): Promise<CliResult> {
  const { url } = later(await startStandIn((_request, nth) => elasticsearch(nth)));
  const file = join(folder, 'settings.yml');
  const common = { api_url: apiUrl, ...(proxyUrl === undefined ? {} : { proxy_url: proxyUrl }), streams: { audit: { account_id: ACCOUNT } } };
  const connections = [
    { name: 'token', api_token: PLANTED.apiToken, ...common },
    { name: 'key', auth_email: 'a@example.com', auth_key: PLANTED.globalKey, ...common },
  ];
  const target = { url, api_key: PLANTED.elasticsearchKey, ...(elasticsearchProxy === undefined ? {} : { proxy_url: elasticsearchProxy }) };
  await writeFile(file, JSON.stringify({ elasticsearch: target, connections }));
  const ended = await runCli([...command.split(' '), '--config', file], given);
  expect(scanForSecrets({ folder, except: [file] })).toEqual([]);
  return ended;
}

const startApi = async () => later(await startCloudflare({ limits: 'off', credentials, accounts: [{ id: ACCOUNT }] }));

describe('no secret is shown', () => {
  it('where both sides refuse the credentials', async () => {
    const { url: apiUrl } = await startApi();
    const { exitCode, stdout } = await run('check', { apiUrl });
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/FAIL {2}Elasticsearch at .*answered 401/);
    expect(stdout).toMatch(/FAIL {2}connection token: API token: /);
    expect(stdout).toMatch(/FAIL {2}connection key: e-mail and global key: /);
  });

  it.each(['collect', 'collect --once', 'install', 'uninstall'])('where Elasticsearch answers 401 to %s', async (command) => {
    const { exitCode, stderr } = await run(command, { apiUrl: 'http://127.0.0.1:9/client/v4' });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/Elasticsearch answered 401 \(security_exception/)]);
  });

  it('where a server repeats what it was sent', async () => {
    const said = `Authorization: ApiKey ${Buffer.from(PLANTED.elasticsearchKey).toString('base64')}, that is ${PLANTED.elasticsearchKey}`;
    const elasticsearch = () => ({ status: 400, body: { error: { type: 'bad_header', reason: said }, status: 400 } });
    const { exitCode, stderr } = await run('collect --once', { apiUrl: 'http://127.0.0.1:9/client/v4', elasticsearch });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('bad_header: Authorization: ApiKey [redacted], that is [redacted]')]);
  });

  it('where proxies refuse, on both sides', async () => {
    const { url: apiUrl } = await startApi();
    const proxy = later(await startConnectProxy({ login: 'user:another' }));
    const proxyUrl = `http://${login}${proxy.host}`;
    const { exitCode, stdout } = await run('check', { apiUrl, proxyUrl, elasticsearchProxy: proxyUrl });
    expect(exitCode).toBe(2);
    expect(stdout.match(/407/g)?.length).toBeGreaterThanOrEqual(3);
    expect(proxy.refused()).toBeGreaterThanOrEqual(3);
  });

  it('where an environment names a proxy that is away', async () => {
    const env = { HTTP_PROXY: `http://${login}127.0.0.1:9` };
    const { exitCode, stdout } = await run('check', { apiUrl: (await startApi()).url }, { env });
    expect([exitCode, stdout]).toEqual([2, expect.stringMatching(/ECONNREFUSED/)]);
  });

  it.each(['apiToken', 'globalKey', 'elasticsearchKey', 'proxyPassword'] as const)(
    'where the program crashes with %s in the message and in the stack',
    async (name) => {
      let asked = false;
      const env = {
        /** Read where the client of Cloudflare is opened. */
        get HTTPS_PROXY(): string | undefined {
          if (asked) throw new TypeError(`no function of ${PLANTED[name]}`);
          return undefined;
        },
      };
      const elasticsearch = () => {
        asked = true;
        return unauthorized;
      };
      const proxy = later(await startConnectProxy({ login: `user:${PLANTED.proxyPassword}` }));
      const places = { apiUrl: 'https://127.0.0.1:9/client/v4', elasticsearch, elasticsearchProxy: `http://${login}${proxy.host}` };
      const { exitCode, stderr } = await run('check', places, { env });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/This is a bug[\s\S]*TypeError: no function of \[redacted\]\n\s+at /);
    },
  );

  it('in what build writes', async () => {
    const out = join(folder, 'build');
    expect(await runCli(['build', '--out', out])).toMatchObject({ exitCode: 0 });
    expect(scanForSecrets({ folder: out })).toEqual([]);
    expect((await readFile(join(out, 'packages/cloudflare_api-0.1.0.zip'))).length).toBeGreaterThan(10_000);
  });
});

describeTls('no secret is shown where TLS fails', () => {
  it('since the authority is unknown', async () => {
    const certificates = makeCertificates();
    later({ close: () => rm(certificates.folder, { recursive: true }) });
    const server = createServer({ key: await readFile(certificates.server.key), cert: await readFile(certificates.server.certificate) }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    later({ close: () => new Promise((resolve) => server.close(resolve)) });
    const apiUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
    const { exitCode, stdout } = await run('check', { apiUrl });
    expect([exitCode, stdout]).toEqual([2, expect.stringMatching(/connection key: e-mail and global key: .*certificate/)]);
  });
});
