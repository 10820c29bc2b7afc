import { describe, expect, it } from 'vitest';
import { DEMO_API_KEY } from '../../_dev/kibana/options.ts';
import type { PackagePolicy } from '../../_dev/kibana/package-policy.ts';
import { Fleet, type Policies } from '../../src/cli/fleet.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { openKibana } from '../../src/kibana/open-kibana.ts';
import { COLLECTORS, useKibana, ZONE } from '../e2e/kibana-world.ts';

const { start } = useKibana();
const definition = await readDefinition('.');
const ACCOUNT = 'a'.repeat(32);

/** Reads the policies of a new Kibana as `collect --fleet` does, as often as it is called. */
async function open(env: Readonly<Record<string, string>> = {}) {
  const kibana = await start({ agentPolicies: [COLLECTORS, { id: 'ops', name: 'Ops', namespace: 'ops' }, { id: 'busy', name: 'Busy', agents: 3 }] });
  const access = { url: kibana.url, credential: { kind: 'apiKey', apiKey: DEMO_API_KEY }, ssl: { certificateAuthorities: [], verification: 'full' } } as const;
  const fleet = new Fleet({
    definition,
    env,
    connections: [],
    folder: '/',
    resolvePath: (path) => path,
    open: () => openKibana(access, { userAgent: 'test' }),
  });
  const read = (): Promise<Policies> => fleet.read(new AbortController().signal);
  return { kibana, read };
}

function stored(
  name: string,
  given: { readonly id?: string; readonly zone?: string; readonly token?: unknown; readonly interval?: string } & Partial<PackagePolicy> = {},
): PackagePolicy {
  const { zone, token = 'typed', interval = '5m', ...more } = given;
  const wrap = (values: object) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
  const stream =
    zone === undefined
      ? { data_stream: { type: 'logs', dataset: 'cloudflare_api.audit' }, vars: wrap({ account_id: [ACCOUNT], interval }) }
      : { data_stream: { type: 'logs', dataset: 'cloudflare_api.logpull' }, vars: wrap({ zone_id: [zone], interval }) };
  return {
    id: name,
    name,
    namespace: '',
    enabled: true,
    policy_ids: [COLLECTORS.id],
    package: { name: 'cloudflare_api', version: definition.version },
    inputs: [{ type: 'cel', policy_template: 'cloudflare_api', enabled: true, vars: wrap({ api_token: token }), streams: [{ enabled: true, ...stream }] }],
    revision: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    created_by: 'somebody',
    updated_at: '2026-01-01T00:00:00.000Z',
    updated_by: 'somebody',
    ...more,
  };
}

const namesOf = ({ connections }: Policies): readonly string[] => connections.map(({ name }) => name);
const faultsOf = ({ refused }: Policies): readonly string[] =>
  refused.flatMap(({ faults }) => faults.map(({ file, path, message }) => `${file} ${path}: ${message}`));

describe('integration policies as connections', () => {
  it('are read however many there are', async () => {
    const { kibana, read } = await open();
    const zones = Array.from({ length: 230 }, (_, index) => index.toString(16).padStart(32, '0'));
    for (const [index, zone] of zones.entries()) kibana.putPolicy(stored(`p${index}`, { zone }));
    const policies = await read();
    expect({ connections: policies.connections.length, refused: policies.refused.length }).toEqual({ connections: 230, refused: 0 });
    // The version, three pages, and the agent policy of them all.
    expect(kibana.requests).toHaveLength(5);
    const again = await read();
    // What has not changed is not checked again.
    expect(again.connections.every((connection) => policies.connections.includes(connection))).toBe(true);
  }, 60_000);

  it('have their own namespace, or that of their agent policy', async () => {
    const { kibana, read } = await open();
    kibana.putPolicy(stored('own', { namespace: 'mine' }));
    kibana.putPolicy(stored('inherited', { policy_ids: ['ops'] }));
    kibana.putPolicy(stored('none', { policy_ids: [], zone: ZONE }));
    kibana.putPolicy(stored('both', { policy_ids: ['ops', COLLECTORS.id], zone: 'c'.repeat(32) }));
    const policies = await read();
    expect(policies.connections.map(({ name, namespace }) => `${name} ${namespace}`)).toEqual(['inherited ops', 'none default', 'own mine']);
    expect(faultsOf(policies)).toEqual(['policy "both" : its agent policies have the namespaces ops, default']);
  });

  it('that collect what another one does are refused, the newcomer among them', async () => {
    const { kibana, read } = await open();
    kibana.putPolicy(stored('b'));
    expect(namesOf(await read())).toEqual(['b']);
    kibana.putPolicy(stored('a'));
    kibana.putPolicy(stored('elsewhere', { namespace: 'other' }));
    const policies = await read();
    expect(namesOf(policies)).toEqual(['b', 'elsewhere']);
    expect(faultsOf(policies)).toEqual([`policy "a" : audit of ${ACCOUNT} is collected by the policy "b" already, into the same namespace`]);
  });

  it('go on as they were where they are mistyped, but not where agents take them over or they are switched off', async () => {
    const { kibana, read } = await open();
    kibana.putPolicy(stored('main'));
    const [before] = (await read()).connections;
    kibana.putPolicy(stored('main', { interval: 'often' }));
    const mistyped = await read();
    expect(mistyped.connections).toEqual([before]);
    expect(faultsOf(mistyped)).toEqual(['policy "main" variable interval of audit: this is no duration: write 30s, 5m, 24h or 7d']);
    kibana.putPolicy(stored('main', { policy_ids: ['busy'] }));
    const taken = await read();
    expect([namesOf(taken), faultsOf(taken)]).toEqual([[], ['policy "main" : 3 Elastic Agents collect with it, so everything would be collected twice']]);
    kibana.putPolicy(stored('main', { enabled: false }));
    expect(await read()).toEqual({ connections: [], refused: [], notes: [] });
  });

  it('say where a hidden secret was changed, and where a policy was renamed', async () => {
    const { kibana, read } = await open({ CLOUDFLARE_API_TOKEN_MAIN: 'x', CLOUDFLARE_API_TOKEN_NEW: 'y' });
    const hidden = (id: string) => ({ id: 'one', token: { id, isSecretRef: true } });
    kibana.putPolicy(stored('main', hidden('first')));
    expect((await read()).notes).toEqual([]);
    kibana.putPolicy(stored('main', hidden('second')));
    expect((await read()).notes).toEqual([
      expect.stringMatching(/^policy "main": api_token was changed in Kibana, which does not show it; the collector goes on with the one of its environment/),
    ]);
    kibana.putPolicy(stored('new', hidden('second')));
    expect(await read()).toMatchObject({
      connections: [{ name: 'new', credential: { token: 'y' } }],
      notes: [expect.stringMatching(/^policy "new" was called "main": under its new name it begins anew/)],
    });
  });

  it('whose certificate cannot be read do not keep the others', async () => {
    const { kibana, read } = await open();
    kibana.putPolicy(stored('good'));
    const bad = stored('bad', { zone: ZONE });
    kibana.putPolicy({
      ...bad,
      inputs: bad.inputs.map((input) => ({ ...input, vars: { ...input.vars, ssl: { value: 'certificate: /does/not/exist.pem\nkey: /neither.pem' } } })),
    });
    const policies = await read();
    expect(namesOf(policies)).toEqual(['good']);
    expect(faultsOf(policies)).toEqual([expect.stringMatching(/policy "bad".*exist\.pem cannot be read \(ENOENT\)/)]);
  });
});
