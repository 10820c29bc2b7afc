import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DEMO_API_KEY, type KibanaOptions } from '../../_dev/kibana/options.ts';
import type { SimulatedKibana } from '../../_dev/kibana/start-kibana.ts';
import type { CliResult } from '../cli/run-cli.ts';
import { ACCOUNT, COLLECTORS, MAIN, TOKEN, useKibana } from './kibana-world.ts';

const { run, start } = useKibana();

const VERSIONS = ['8.19.22', '9.5.4'];
const install = (kibana: SimulatedKibana): readonly string[] => ['install', '--kibana', kibana.url, '--agent-policy', COLLECTORS.id];

/** One message, what to do, and no secret. */
function expectMessage({ exitCode, stderr, stdout }: CliResult, message: RegExp, hint: RegExp): void {
  expect(exitCode, stderr).toBe(2);
  expect(stdout).toBe('');
  const [first = '', ...rest] = stderr.trimEnd().split('\n');
  expect(first).toMatch(message);
  expect(rest.at(-1)).toMatch(hint);
  expect(stderr).not.toMatch(/^\s+at |This is a bug|\bError:/m);
  for (const secret of [TOKEN, DEMO_API_KEY]) expect(stderr).not.toContain(secret);
}

function expectNothing(kibana: SimulatedKibana): void {
  expect(kibana.packages().filter(({ info }) => info.name === 'cloudflare_api')).toEqual([]);
  expect(kibana.policies()).toEqual([]);
}

function countUploads(kibana: SimulatedKibana): number {
  return kibana.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/epm/packages')).length;
}

describe('an address that is none of Kibana', () => {
  it('is said to be closed', async () => {
    expectMessage(
      await run(['install', '--kibana', 'http://127.0.0.1:9']),
      /asking for Kibana's version: no answer from http:\/\/127\.0\.0\.1:9/,
      /Start Kibana at http:\/\/127\.0\.0\.1:9/,
    );
  });

  it.each([
    ['an Elasticsearch', '{"cluster_name":"x","version":{"number":"9.2.0"}}', /answered 200 \(but is not Kibana\)/],
    ['a web page', '<html></html>', /answered 200 \(something that is no JSON\)/],
  ])('is said to be that of %s', async (_name, body, message) => {
    const server = createServer((_request, response) => response.end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expectMessage(await run(['install', '--kibana', url]), message, /Give the base address of Kibana \(not of Elasticsearch\)/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each([
    ['no address at all', ['install', '--kibana'], /no address of Kibana is known/, /kibana\.url/],
    ['no scheme', ['install', '--kibana', '127.0.0.1:5601'], /the settings have faults/, /Mend the named places/],
    ['a password', ['install', '--kibana', 'http://elastic:changeme@127.0.0.1:9'], /the settings have faults/, /Mend the named places/],
  ])('has %s', async (_name, argv, message, hint) => {
    expectMessage(await run(argv), message, hint);
  });

  it('belongs to a Kibana that is not ready', async () => {
    const kibana = await start();
    kibana.setLevel('unavailable');
    expectMessage(await run(install(kibana)), /answered 503 \(Kibana is unavailable\)/, /Kibana is starting or unwell/);
  });
});

describe.each(VERSIONS)('Kibana %s refuses', (version) => {
  it.each<[name: string, options: KibanaOptions, message: RegExp, hint: RegExp]>([
    ['who is not known', { credentials: [] }, /answered 200 \(without its version/, /Set kibana\.api_key/],
    [
      'who may only read',
      { credentials: [{ kind: 'apiKey', encoded: DEMO_API_KEY, rights: 'read' }] },
      /uploading cloudflare_api 0\.1\.0: .* answered 403 \(.*unauthorized/,
      /role with the privileges Integrations: All and Fleet: All in all spaces/,
    ],
    [
      'a name that the registry has',
      { registry: ['cloudflare_api'] },
      /answered 400 \(Cannot upload a package whose name already exists in the package registry/,
      /give this package another name in manifest\.yml/,
    ],
    ['any name while the registry does not answer', { registry: 'unreachable' }, /Could not verify that uploaded package name/, /xpack\.fleet\.isAirGapped/],
    [
      'a package of the registry in its place',
      { installed: [{ name: 'cloudflare_api', version: '0.0.9', source: 'registry' }] },
      /has cloudflare_api 0\.0\.9 from another source \(registry\)/,
      /another name in manifest\.yml/,
    ],
    [
      'datasets that another package owns',
      { installed: [{ name: 'other', version: '1.0.0', source: 'custom', datasets: ['cloudflare_api'] }] },
      /already owned by installed package "other"/,
      /Remove the package that the message names/,
    ],
    [
      'live data streams of the datasets',
      { dataStreams: [{ name: 'logs-cloudflare_api.audit-default', packageName: 'cloudflare_api' }] },
      /live data stream "logs-cloudflare_api\.audit-default" already exists/,
      /With Kibana, install comes first and collecting after.*`uninstall --delete-data`/,
    ],
    [
      'an agent policy that is not there',
      { agentPolicies: [{ id: 'x', name: 'Servers' }] },
      /has none of that id or name/,
      /Name one after --agent-policy; there are Servers\./,
    ],
    [
      'to be an old package',
      { installed: [{ name: 'cloudflare_api', version: '0.2.0', source: 'upload' }] },
      /has the newer 0\.2\.0/,
      /Use the program of that version/,
    ],
    [
      'a version that it checks',
      { checksConditions: true, version: version === '9.5.4' ? '9.0.8' : '8.18.0' },
      /it needs Kibana \^8\.19\.0 \|\| \^9\.1\.0, and .* is (9\.0\.8|8\.18\.0)/,
      /Upgrade Kibana/,
    ],
  ])('%s: nothing is there afterwards', async (_name, options, message, hint) => {
    const kibana = await start({ version, ...options });
    const before = kibana.packages();
    expectMessage(await run(install(kibana)), message, hint);
    expect(kibana.packages()).toEqual(before);
    expect(kibana.policies()).toEqual([]);
  });

  it('a package that somebody else installs at the moment', async () => {
    const kibana = await start({ version });
    await run([...install(kibana), '--package-only']);
    kibana.beginInstall('cloudflare_api');
    expectMessage(await run(install(kibana)), /answered 409 \(Concurrent installation/, /Somebody else installs at the same moment/);
  });

  it('a policy without an agent policy: the package goes again', async () => {
    const kibana = await start({ version });
    const ended = await run(['install', '--kibana', kibana.url]);
    expectMessage(ended, /creating the integration policy main: .* answered 400 \(Reusable integration policies/, /Name an agent policy after --agent-policy/);
    expect(ended.stderr).toContain('taken back: the package cloudflare_api 0.1.0');
    expectNothing(kibana);
  });

  it('a policy with a value that the form refuses: nothing of three policies is left', async () => {
    const kibana = await start({ version });
    const odd = { ...MAIN, name: 'third', streams: { audit: { account_id: [ACCOUNT], tags: ['*all'] } } };
    const ended = await run(install(kibana), { connections: [MAIN, { ...MAIN, name: 'second' }, odd] });
    expectMessage(
      ended,
      /creating the integration policy third: .* answered 400 \(Package policy is invalid: inputs\..*tags: /,
      /Correct the values that the message names/,
    );
    for (const what of ['the integration policy main', 'the integration policy second', 'the package cloudflare_api 0.1.0']) {
      expect(ended.stderr).toContain(`taken back: ${what}`);
    }
    expectNothing(kibana);
  });

  it('a policy of a package that was there: what this run made goes, the package stays', async () => {
    const kibana = await start({ version });
    await run(install(kibana), { connections: [{ ...MAIN, name: 'first' }] });
    const before = [kibana.packages(), kibana.policies()];
    const odd = { ...MAIN, name: 'odd', streams: { audit: { account_id: [ACCOUNT], tags: ['&all'] } } };
    const ended = await run(install(kibana), { connections: [MAIN, odd] });
    expectMessage(ended, /creating the integration policy odd/, /Correct the values/);
    expect([kibana.packages(), kibana.policies()]).toEqual(before);
  });

  it('a policy of a package whose last installation failed: the package stays, with the policies of others', async () => {
    const kibana = await start({ version });
    await run(install(kibana), { connections: [{ ...MAIN, name: 'first' }] });
    kibana.putPackage({ name: 'cloudflare_api', version: '0.0.9', source: 'upload', status: 'install_failed' });
    const odd = { ...MAIN, name: 'odd', streams: { audit: { account_id: [ACCOUNT], tags: ['&all'] } } };
    const ended = await run(install(kibana), { connections: [odd] });
    expectMessage(ended, /creating the integration policy odd/, /Correct the values/);
    expect(ended.stderr).toContain('stays: the package cloudflare_api 0.1.0');
    expect(kibana.policies().map(({ name }) => name)).toEqual(['first']);
  });

  it('a policy of an upgraded package: it says that the upgrade stays, and that policies are as they were', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    kibana.putPackage({ name: 'cloudflare_api', version: '0.0.9', source: 'upload' });
    const [policy] = kibana.policies();
    if (policy === undefined) throw new Error('there is no policy');
    kibana.putPolicy({ ...policy, package: { name: 'cloudflare_api', version: '0.0.9' } });
    const odd = { ...MAIN, name: 'odd', streams: { audit: { account_id: [ACCOUNT], tags: ['&all'] } } };
    const ended = await run(install(kibana), { connections: [MAIN, odd] });
    expectMessage(ended, /creating the integration policy odd/, /Correct the values/);
    expect(ended.stderr).toMatch(
      /taken back: the changes of the integration policy main\n +stays: the package cloudflare_api 0\.1\.0 \(0\.0\.9 was there, and Kibana cannot go back\)/,
    );
    expect(kibana.policies()[0]?.inputs).toEqual(policy.inputs);
  });

  it('a name that the policy of another package has: before anything is uploaded', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    const [policy] = kibana.policies();
    if (policy === undefined) throw new Error('there is no policy');
    kibana.putPolicy({ ...policy, package: { name: 'system', version: '1.0.0' } });
    const uploads = countUploads(kibana);
    expectMessage(await run(install(kibana)), /has one of this name, of the package system/, /give the connection another name/);
    expect(countUploads(kibana)).toBe(uploads);
  });

  it('to remove a package that agents run', async () => {
    const kibana = await start({ version, agentPolicies: [{ ...COLLECTORS, agents: 2 }] });
    await run(install(kibana));
    expectMessage(await run(['uninstall', '--kibana', kibana.url]), /it has the integration policies main/, /Delete the integration policies/);
    expect(kibana.packages()).toHaveLength(1);
  });
});

describe('a list of 101 zones', () => {
  it('is more than newer Kibanas take: nothing stays, and it is said how to divide it', async () => {
    const kibana = await start({ version: '9.5.4' });
    const zones = Array.from({ length: 101 }, (_, index) => index.toString(16).padStart(32, '0'));
    const ended = await run(install(kibana), { connections: [{ ...MAIN, streams: { logpull: { zone_id: zones, interval: '30m' } } }] });
    expectMessage(ended, /creating the integration policy main: .*logpull\.vars\.zone_id\]: array size is \[101\]/, /Divide the connection/);
    expectNothing(kibana);
  });
});

describe('a Kibana that is too old', () => {
  it.each(['7.17.29', '8.18.9', '9.0.8', '10.0.0'])('%s gets nothing', async (version) => {
    const kibana = await start({ version });
    expectMessage(await run(install(kibana)), new RegExp(`is ${version.replaceAll('.', '\\.')}$`), /Upgrade Kibana, or use a version of this package/);
    expect(kibana.requests.map(({ path }) => path)).toEqual(['/api/status']);
  });
});

describe('options that do not go together', () => {
  it.each([
    [['install', '--agent-policy', 'x'], /--agent-policy is for installing through Kibana/],
    [['install', '--package-only'], /--package-only is for installing through Kibana/],
    [['install', '--update-policies'], /--update-policies is for installing through Kibana/],
    [['install', '--without-secrets'], /--without-secrets is for installing through Kibana/],
    [['uninstall', '--delete-policies'], /--delete-policies is for Kibana/],
    [['uninstall', '--kibana', 'http://127.0.0.1:9', '--delete-data'], /--delete-data does not go with --kibana/],
  ])('%s', async (argv, message) => {
    expectMessage(await run(argv), message, /--kibana/);
  });
});
