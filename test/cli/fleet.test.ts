import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_API_KEY } from '../../_dev/kibana/options.ts';
import type { PackagePolicy, PolicyVars } from '../../_dev/kibana/package-policy.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { openSettings } from '../../src/cli/open-settings.ts';
import { ACCOUNT, COLLECTORS, TOKEN, useKibana } from '../e2e/kibana-world.ts';
import { PROJECT } from './run-cli.ts';

const { run, start } = useKibana();

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Something at an address that answers everything the same way. */
async function answerWith(status: number, body: string, type = 'application/json'): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status, { 'content-type': type }).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Nobody listens there. */
const API_URL = 'http://127.0.0.1:9/client/v4';

const refusal = (statusCode: number, message: string): string => JSON.stringify({ statusCode, error: 'refused', message });

const wrap = (values: object): PolicyVars => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

/** A saved policy of the audit stream, as Fleet keeps it. */
function stored(name: string, values: object = {}, more: Partial<PackagePolicy> = {}): PackagePolicy {
  const streams = [
    { enabled: true, data_stream: { type: 'logs', dataset: 'cloudflare_api.audit' }, vars: wrap({ account_id: [ACCOUNT], interval: '5m', ...values }) },
  ];
  return {
    id: `id of ${name}`,
    name,
    namespace: '',
    enabled: true,
    policy_ids: [COLLECTORS.id],
    package: { name: 'cloudflare_api', version: '0.1.0' },
    inputs: [
      {
        type: 'cel',
        policy_template: 'cloudflare_api',
        enabled: true,
        vars: wrap({ api_url: API_URL, api_token: { id: 'hidden', isSecretRef: true } }),
        streams,
      },
    ],
    revision: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    created_by: 'somebody',
    updated_at: '2026-01-01T00:00:00.000Z',
    updated_by: 'somebody',
    ...more,
  };
}

/** As where Kibana keeps secrets in the policy. */
const withToken = (policy: PackagePolicy): PackagePolicy => ({
  ...policy,
  inputs: policy.inputs.map((input) => ({ ...input, vars: wrap({ api_url: API_URL, api_token: TOKEN }) })),
});

/** Ends before anything is sent to Elasticsearch, where nobody listens. */
const collect = (url: string, settings: object = { connections: [] }) => run(['collect', '--fleet', url], settings);

describe('collect --fleet, where Kibana cannot be asked', () => {
  it.each([
    ['nobody listens', async () => 'http://127.0.0.1:9', /no answer from http:\/\/127\.0\.0\.1:9 .*\n.*Start Kibana at/],
    ['something else is there', () => answerWith(200, '<html></html>', 'text/html'), /something that is no JSON.*\n.*base address of Kibana/],
    ['Elasticsearch is there', () => answerWith(200, '{"cluster_name":"x"}'), /is not Kibana.*\n.*not of Elasticsearch/],
    ['it is busy', () => answerWith(429, refusal(429, 'too many requests')), /answered 429 \(too many requests\)\n.*overloaded/],
    [
      'it is starting',
      () => answerWith(503, 'Kibana server is not ready yet', 'text/plain'),
      /answered 503 \(Kibana server is not ready yet\)\n.*starting or unwell/,
    ],
    ['the address is none', async () => 'kibana.example.com', /this is no http or https address/],
  ])('%s', async (_what, open, message) => {
    const { exitCode, stderr } = await collect(await open());
    expect(stderr).toMatch(message);
    expect({ exitCode, shown: stderr.includes(DEMO_API_KEY) }).toEqual({ exitCode: 2, shown: false });
  });

  it('the key is unknown', async () => {
    const kibana = await start();
    const { exitCode, stderr } = await collect(kibana.url, { connections: [], kibana: { api_key: 'd3Jvbmc6a2V5' } });
    expect(stderr).toMatch(/shows only to somebody it knows\)\n.*Set kibana\.api_key/);
    expect({ exitCode, shown: stderr.includes('d3Jvbmc6a2V5') }).toEqual({ exitCode: 2, shown: false });
  });

  it('the key lacks a right', async () => {
    const kibana = await start({ credentials: [{ kind: 'apiKey', encoded: DEMO_API_KEY, rights: 'none' }] });
    expect(await collect(kibana.url)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/answered 403.*\n.*"Integrations: Read" and "Fleet: Read"/) });
  });

  it('it is too old', async () => {
    const kibana = await start({ version: '8.15.0' });
    expect(await collect(kibana.url)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/reading the integration policies: it needs Kibana \^8\.19\.0 \|\| \^9\.1\.0, and http.* is 8\.15\.0\n +Upgrade Kibana/),
    });
  });

  it('the space is another', async () => {
    const kibana = await start({ spaces: ['ops'] });
    kibana.putPolicy(stored('main'));
    expect(await collect(kibana.url, { connections: [], kibana: { api_key: DEMO_API_KEY, space: 'ops' } })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no integration policy of this package has a data stream to collect\n.*kibana\.space/),
    });
  });
});

describe('collect --fleet, where no policy can be collected', () => {
  it.each<[string, PackagePolicy[], RegExp]>([
    ['there is none', [], /no integration policy of this package has a data stream to collect\n +Add the integration in Kibana/],
    ['it is switched off', [stored('main', {}, { enabled: false })], /no integration policy of this package/],
    ['it is of another package', [stored('main', {}, { package: { name: 'cloudflare', version: '0.1.0' } })], /no integration policy of this package/],
    [
      'its secret is not in the environment',
      [stored('my main')],
      /policy "my main" variable api_token: .*CLOUDFLARE_API_TOKEN_MY_MAIN is not set\n +Set CLOUDFLARE_API_TOKEN_MY_MAIN where/,
    ],
    [
      'agents have it',
      [stored('main', {}, { policy_ids: ['agents'] })],
      /policy "main": 1 Elastic Agent collects with it, so everything would be collected twice\n +Move it to/,
    ],
    [
      'two have one name',
      [stored('a b'), stored('a-b')],
      /policy "a b": its name is too much like that of policy "a-b".*\n.*\n +policy "a-b": its name is too much/,
    ],
  ])('%s', async (_what, policies, message) => {
    const kibana = await start({ agentPolicies: [COLLECTORS, { id: 'agents', name: 'Agents', agents: 1 }] });
    for (const policy of policies) kibana.putPolicy(policy);
    const { exitCode, stderr, stdout } = await collect(kibana.url);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it.each<[string, object, RegExp]>([
    ['an interval', { interval: 'often' }, /policy "main" variable interval of audit: this is no duration/],
    ['an id', { account_id: ['0a1b'] }, /policy "main" variable account_id\[0\] of audit: this is no id/],
    ['no id', { account_id: [] }, /policy "main" stream audit: account_id is missing/],
    ['a version', { audit_api: 'v3' }, /policy "main" variable audit_api of audit: this value is not known\n +Use one of: v1, v2, both/],
    [
      'an interval that does not fit',
      { interval: '1ms' },
      /policy "main" variable interval of audit: connection main, stream audit: with the interval 1ms the settings ask for/,
    ],
  ])('%s is mistyped', async (_what, values, message) => {
    const kibana = await start();
    kibana.putPolicy(withToken(stored('main', values)));
    const { exitCode, stderr } = await collect(kibana.url);
    expect(stderr).toMatch(message);
    expect({ exitCode, shown: stderr.includes(TOKEN) }).toEqual({ exitCode: 2, shown: false });
  });

  it('tells what of the form does nothing', async () => {
    const kibana = await start();
    kibana.putPolicy(withToken(stored('main', { processors: '- drop_event: {}', newer: 'x' }, { package: { name: 'cloudflare_api', version: '9.0.0' } })));
    const { stderr } = await run(['status', '--fleet', kibana.url], { connections: [] });
    const told = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(told.map((line) => [line['log.level'], line.message])).toEqual([
      ['warn', expect.stringMatching(/^policy "main": it was made with version 9\.0\.0 of the package, and the collector is /)],
      ['warn', 'policy "main": processors of audit is for Elastic Agent alone, and does nothing here'],
      ['warn', 'policy "main": the variable newer of audit is not known to this version of the collector, and is left out'],
    ]);
  });
});

describe('secrets of integration policies', () => {
  it('are hidden, each once, however often Kibana is asked', async () => {
    const kibana = await start();
    kibana.putPolicy(withToken(stored('main')));
    const given: string[] = [];
    const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
    const settings = { elasticsearch: { url: 'http://127.0.0.1:9' }, kibana: { api_key: DEMO_API_KEY } };
    await writeFile(join(folder, 'settings.yml'), JSON.stringify(settings));
    const context: CommandContext = {
      env: {},
      cwd: folder,
      projectFolder: PROJECT,
      stdout: { write: () => {} },
      stderr: { write: () => {} },
      signal: new AbortController().signal,
      pid: 1,
      version: '0',
      isRunning: () => false,
      readStdin: async () => Buffer.alloc(0),
      addSecrets: (secrets) => void given.push(...secrets),
    };
    const { fleet } = await openSettings({ args: [], options: { config: 'settings.yml', fleet: kibana.url } }, context);
    kibana.putPolicy(withToken(stored('main', { interval: '10m' })));
    for (let round = 0; round < 3; round += 1) await fleet?.readAgain(context.signal);
    expect(given).toContain(TOKEN);
    expect(new Set(given).size).toBe(given.length);
    await rm(folder, { recursive: true });
  });
});

describe('--fleet without an address', () => {
  it('asks the Kibana of the settings', async () => {
    const kibana = await start();
    const settings = { connections: [], kibana: { url: kibana.url, api_key: DEMO_API_KEY } };
    const { exitCode, stderr } = await run(['collect', '--fleet'], settings);
    expect(stderr).toContain(`${kibana.url}: no integration policy of this package has a data stream to collect`);
    expect(exitCode).toBe(2);
  });

  it('says where to name one', async () => {
    expect(await run(['collect', '--fleet'], { connections: [] })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no address of Kibana is known\n +Name it after the option, or set kibana\.url/),
    });
  });
});

describe('a settings file without connections', () => {
  it('is refused where nobody else names one', async () => {
    expect(await run(['collect'], { connections: [] })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('connections: the list is empty') });
  });
});
