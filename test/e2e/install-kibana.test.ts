import { describe, expect, it } from 'vitest';
import type { PackagePolicy, PolicyVars } from '../../_dev/kibana/package-policy.ts';
import type { SimulatedKibana } from '../../_dev/kibana/start-kibana.ts';
import { ACCOUNT, COLLECTORS, MAIN, TOKEN, useKibana, ZONE } from './kibana-world.ts';

/** Of each line one that looks at what is uploaded. */
const VERSIONS = ['8.19.22', '9.5.4'];

const { run, start } = useKibana();

const install = (kibana: SimulatedKibana, ...more: readonly string[]): readonly string[] => [
  'install',
  '--kibana',
  kibana.url,
  '--agent-policy',
  'Collectors',
  ...more,
];

function onlyPolicy(kibana: SimulatedKibana): PackagePolicy {
  const [policy, ...more] = kibana.policies();
  expect(more).toEqual([]);
  if (policy === undefined) throw new Error('there is no policy');
  return policy;
}

/** Values of all variables of a policy's switched-on parts, by name; those of streams below their dataset. */
function toValues({ inputs }: PackagePolicy): Readonly<Record<string, unknown>> {
  const bare = (vars: PolicyVars = {}): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(vars).map(([name, { value }]) => [name, value]));
  const on = inputs.filter(({ enabled }) => enabled);
  const streams = on.flatMap((input) => input.streams.filter(({ enabled }) => enabled).map((stream) => [stream.data_stream.dataset, bare(stream.vars)]));
  return Object.assign({}, ...on.map(({ vars }) => bare(vars)), Object.fromEntries(streams));
}

describe.each(VERSIONS)('install --kibana, Kibana %s', (version) => {
  it('uploads the package and makes a policy of each connection that has streams', async () => {
    const kibana = await start({ version });
    const { exitCode, stderr, stdout } = await run(install(kibana), { connections: [MAIN, { name: 'idle', api_token: TOKEN }] });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /install +package cloudflare_api 0\.1\.0 \(was not there\)\n +create +integration policy main \(audit; of the agent policy Collectors; without rate_budget, which the form does not have\)\n/,
    );
    expect(stdout).toContain(`cloudflare_api 0.1.0 is installed in ${kibana.url}\n`);
    expect(kibana.packages().map(({ info, source }) => [info.name, source])).toEqual([['cloudflare_api', 'upload']]);

    const policy = onlyPolicy(kibana);
    expect(policy).toMatchObject({ name: 'main', namespace: 'default', policy_ids: [COLLECTORS.id], package: { name: 'cloudflare_api', version: '0.1.0' } });
    const values = toValues(policy);
    expect(values).toMatchObject({
      http_client_timeout: '30s',
      ssl: 'certificate_authorities:\n  - /etc/ca.pem',
      'cloudflare_api.audit': { account_id: [ACCOUNT], interval: '10m', initial_interval: '24h', preserve_original_event: true },
    });
    expect(kibana.secret((values.api_token as { id: string }).id)).toBe(TOKEN);
    expect(JSON.stringify(policy)).not.toContain(TOKEN);
    const [told] = policy.inputs.flatMap(({ streams }) => streams.flatMap((stream) => stream.compiled_stream ?? []));
    expect(JSON.stringify(told)).toContain(`$co.elastic.secret{${(values.api_token as { id: string }).id}}`);
    expect(told).toMatchObject({ interval: '10m', 'resource.ssl': { certificate_authorities: ['/etc/ca.pem'] } });
  });

  it('switches everything off that the connection does not collect', async () => {
    const kibana = await start({ version });
    await run(install(kibana), { connections: [{ ...MAIN, streams: { logpull: { zone_id: [ZONE], fields: ['ClientIP', 'RayID'] } } }] });
    const streams = onlyPolicy(kibana).inputs.flatMap((input) =>
      input.streams.map((stream) => ({ on: input.enabled && stream.enabled, ...stream.data_stream })),
    );
    expect(streams.length).toBeGreaterThan(1);
    expect(streams.filter(({ on }) => on).map(({ dataset }) => dataset)).toEqual(['cloudflare_api.logpull']);
    expect(toValues(onlyPolicy(kibana))).toMatchObject({ 'cloudflare_api.logpull': { zone_id: [ZONE] } });
  });

  it('run again changes nothing, and says where a policy differs from the settings', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    const before = onlyPolicy(kibana);
    const again = await run(install(kibana));
    expect(again.stdout).toMatch(
      /install again +package cloudflare_api 0\.1\.0 \(this version was there\)\n +keep +integration policy main \(as in the settings\)\n/,
    );
    expect(onlyPolicy(kibana)).toEqual(before);

    const changed = await run(install(kibana), {
      connections: [{ ...MAIN, api_token: `${TOKEN}new`, streams: { audit: { account_id: [ACCOUNT], interval: '1h' } } }],
    });
    expect(changed.stdout).toMatch(/keep +integration policy main \(differs from the settings in audit\.interval; --update-policies changes it\)/);
    expect(onlyPolicy(kibana)).toEqual(before);
  });

  it('--update-policies gives a policy the values of the settings, secrets too', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    const before = onlyPolicy(kibana);
    const { stdout } = await run(install(kibana, '--update-policies'), {
      connections: [{ ...MAIN, api_token: `${TOKEN}new`, streams: { audit: { account_id: [ACCOUNT], interval: '1h' } } }],
    });
    expect(stdout).toMatch(/update +integration policy main \(to the values of the settings; without rate_budget, which the form does not have\)/);
    const after = onlyPolicy(kibana);
    expect(after).toMatchObject({ id: before.id, revision: 2, policy_ids: [COLLECTORS.id] });
    expect(toValues(after)).toMatchObject({ 'cloudflare_api.audit': { interval: '1h', preserve_original_event: false } });
    expect(kibana.secret((toValues(after).api_token as { id: string }).id)).toBe(`${TOKEN}new`);
    expect(kibana.secret((toValues(before).api_token as { id: string }).id)).toBeUndefined();
  });

  it('upgrades a package and takes policies along, their values kept', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    const policy = onlyPolicy(kibana);
    kibana.putPackage({ name: 'cloudflare_api', version: '0.0.9', source: 'upload' });
    const old = { ...policy, package: { name: 'cloudflare_api', version: '0.0.9' } };
    kibana.putPolicy(old);
    kibana.putPolicy({ ...old, id: 'other', name: 'by hand' });
    const { exitCode, stdout } = await run(install(kibana));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /upgrade +package cloudflare_api 0\.1\.0 \(from 0\.0\.9\)\n +update +integration policy main \(was of version 0\.0\.9; as in the settings\)/,
    );
    expect(stdout).toMatch(/keep +integration policy by hand \(no connection of the settings; is of version 0\.0\.9, to be upgraded in Kibana\)/);
    const upgraded = kibana.policies().find(({ name }) => name === 'main');
    expect(upgraded?.package?.version).toBe('0.1.0');
    expect(toValues(upgraded as PackagePolicy)).toEqual(toValues(policy));
  });

  it('uninstall --kibana removes the package, and policies only when it is told to', async () => {
    const kibana = await start({ version });
    await run(install(kibana));
    const refused = await run(['uninstall', '--kibana', kibana.url]);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/it has the integration policies main\n +Delete the integration policies/);
    expect(kibana.packages()).toHaveLength(1);
    const { exitCode, stdout } = await run(['uninstall', '--kibana', kibana.url, '--delete-policies']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/delete +integration policy main\n +delete +package cloudflare_api 0\.1\.0\ncloudflare_api is removed from /);
    expect([kibana.packages(), kibana.policies()]).toEqual([[], []]);
    expect((await run(['uninstall', '--kibana', kibana.url])).stdout).toContain('cloudflare_api is not installed in');
  });
});

describe('install --kibana', () => {
  it.each(['8.19.0', '9.1.0'])('works with Kibana %s, which does not look at what is uploaded', async (version) => {
    const kibana = await start({ version, dataStreams: [{ name: 'logs-cloudflare_api.audit-default' }] });
    expect((await run(install(kibana))).exitCode).toBe(0);
    expect((await run(install(kibana))).stdout).toMatch(/keep +integration policy main \(as in the settings/);
    expect(onlyPolicy(kibana).package?.version).toBe('0.1.0');
  });

  it('takes address, space and credential from the settings', async () => {
    const kibana = await start({ spaces: ['ops'], credentials: [{ kind: 'basic', username: 'elastic', password: 'changeme-please' }] });
    const settings = { kibana: { url: kibana.url, space: 'ops', username: 'elastic', password: 'changeme-please' } };
    const { exitCode, stdout } = await run(['install', '--kibana', '--agent-policy', COLLECTORS.id], settings);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`is installed in ${kibana.url}/s/ops`);
    expect(onlyPolicy(kibana)).toMatchObject({ name: 'main', spaceIds: ['ops'] });
  });

  it('needs no agent policy where Kibana allows it', async () => {
    const kibana = await start({ license: 'enterprise' });
    const { exitCode, stdout } = await run(['install', '--kibana', kibana.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/create +integration policy main \(audit; of no agent policy; without rate_budget, which the form does not have\)/);
    expect(onlyPolicy(kibana).policy_ids).toEqual([]);
  });

  it('--package-only makes no policies', async () => {
    const kibana = await start();
    const { exitCode, stdout } = await run(['install', '--kibana', kibana.url, '--package-only']);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('integration policy main');
    expect([kibana.packages().length, kibana.policies().length]).toEqual([1, 0]);
  });

  it('warns where Kibana shows the secrets of policies, and leaves them out when it is told to', async () => {
    const kibana = await start({ secretStorage: false });
    const { stdout } = await run(install(kibana));
    expect(stdout).toMatch(/create +integration policy main \(audit; .*; WARNING: whoever may read it in Kibana sees its secrets/);
    expect(stdout).not.toContain(TOKEN);
    expect(toValues(onlyPolicy(kibana)).api_token).toBe(TOKEN);
    const without = await run(install(kibana, '--update-policies', '--without-secrets'));
    expect(without.stdout).toMatch(/update +integration policy main \(to the values of the settings; without rate_budget, which the form does not have\)\n/);
    expect(JSON.stringify(kibana.policies())).not.toContain(TOKEN);
  });

  it('waits where Kibana asks for it', async () => {
    const kibana = await start({ delayedUploads: 1 });
    expect((await run(install(kibana))).exitCode).toBe(0);
    const uploads = kibana.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/epm/packages'));
    expect(uploads.map(({ status }) => status)).toEqual([429, 200]);
  });

  it('uses email and key, and keeps them secret as well', async () => {
    const kibana = await start();
    const { streams } = MAIN;
    await run(install(kibana), { connections: [{ name: 'legacy', namespace: 'customer', auth_email: 'a@example.com', auth_key: TOKEN, streams }] });
    const policy = onlyPolicy(kibana);
    expect(policy).toMatchObject({ name: 'legacy', namespace: 'customer' });
    expect(toValues(policy).auth_email).toBe('a@example.com');
    expect(kibana.secret((toValues(policy).auth_key as { id: string }).id)).toBe(TOKEN);
  });
});
