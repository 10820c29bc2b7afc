import { describe, expect, it } from 'vitest';
import { POLICY, useSimulation, zipOf } from './kibana-client.ts';

const { send, start, upload } = useSimulation();
const PATH = '/api/fleet/package_policies';

/** A copy of the policy with a value at a path of keys; undefined removes it. */
function withPart(path: readonly string[], value: unknown): object {
  const copy = structuredClone(POLICY) as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

const toId = (value: unknown): string | undefined => (value as { readonly id?: string } | undefined)?.id;

const INPUT = ['inputs', 'tiny-cel'];
const AUDIT = [...INPUT, 'streams', 'tiny.audit', 'vars'];

describe('a policy', () => {
  it('takes defaults, hides secrets and is shown in both formats', async () => {
    const kibana = await start();
    await upload(kibana);
    const made = await send(kibana, 'POST', PATH, { body: POLICY });
    expect(made.status).toBe(200);
    const { body } = await send(kibana, 'GET', `${PATH}?format=simplified&kuery=${encodeURIComponent('ingest-package-policies.package.name:"tiny"')}`);
    expect(body).toMatchObject({ total: 1, page: 1, perPage: 20 });
    const token = { id: expect.any(String), isSecretRef: true };
    expect(body.items?.[0]).toMatchObject({
      name: 'main',
      inputs: {
        'tiny-cel': {
          enabled: true,
          vars: { url: 'https://example.com', token },
          streams: { 'tiny.audit': { enabled: true, vars: { id: ['a'], kind: 'a', keep: false } }, 'tiny.raw': { enabled: false } },
        },
      },
    });
    expect(made.body.item).toMatchObject({ inputs: [{ type: 'cel', policy_template: 'tiny', vars: { token: { type: 'password', value: token } } }] });
    expect(JSON.stringify(body)).not.toContain('hush');
    const [reference] = (body.items?.[0]?.secret_references ?? []) as readonly { readonly id: string }[];
    expect(kibana.secret(reference?.id ?? '')).toBe('hush');
  });

  it('is compiled for agents: secrets by reference, YAML as a tree', async () => {
    const kibana = await start();
    const template =
      'url: {{escape_string url}}\ntoken: {{token}}\n{{#if ssl}}\nssl: {{ssl}}\n{{/if}}\nids:\n{{#each id as |one|}}\n  - {{escape_string one}}\n{{/each}}\n{{ssl}}\n';
    await upload(kibana, zipOf({ 'tiny-1.0.0/data_stream/audit/agent/stream/cel.yml.hbs': template }));
    const { status } = await send(kibana, 'POST', PATH, { body: withPart([...INPUT, 'vars', 'ssl'], 'verification_mode: none') });
    expect(status).toBe(200);
    const [input] = kibana.policies()[0]?.inputs ?? [];
    expect(input?.streams.map((stream) => stream.compiled_stream)).toEqual([
      {
        url: 'https://example.com',
        token: `$co.elastic.secret{${toId(input?.vars?.token?.value)}}`,
        ssl: { verification_mode: 'none' },
        ids: ['a'],
        verification_mode: 'none',
      },
      undefined,
    ]);
  });

  it.each([
    ['an unknown helper', '{{none url}}', /Error while compiling agent template: .*none/],
    ['no YAML', 'a: [', /YAMLException/],
  ])('is refused where the agent template has %s', async (_name, template, message) => {
    const kibana = await start();
    await upload(kibana, zipOf({ 'tiny-1.0.0/data_stream/audit/agent/stream/cel.yml.hbs': template }));
    const { body, status } = await send(kibana, 'POST', PATH, { body: POLICY });
    expect([status, kibana.policies()]).toEqual([400, []]);
    expect(body.message).toMatch(message);
  });

  it('has what is not named switched on', async () => {
    const kibana = await start();
    await upload(kibana);
    await send(kibana, 'POST', PATH, { body: withPart([...INPUT, 'streams', 'tiny.raw'], undefined) });
    expect(kibana.policies()[0]?.inputs[0]?.streams.map(({ enabled }) => enabled)).toEqual([true, true]);
  });

  it('keeps a secret by its reference, and forgets one that is replaced', async () => {
    const kibana = await start();
    await upload(kibana);
    const { id } = (await send(kibana, 'POST', PATH, { body: POLICY })).body.item as { id: string };
    const tokenOf = (): { id: string } => kibana.policies()[0]?.inputs[0]?.vars?.token?.value as { id: string };
    const first = tokenOf();
    await send(kibana, 'PUT', `${PATH}/${id}`, { body: withPart([...INPUT, 'vars', 'token'], first) });
    expect([tokenOf(), kibana.secret(first.id)]).toEqual([first, 'hush']);
    await send(kibana, 'PUT', `${PATH}/${id}`, { body: withPart([...INPUT, 'vars', 'token'], 'new') });
    expect([kibana.secret(first.id), kibana.secret(tokenOf().id)]).toEqual([undefined, 'new']);
    await send(kibana, 'DELETE', `${PATH}/${id}`);
    expect(kibana.policies()).toEqual([]);
  });

  it('keeps secrets in the open where there is no store for them', async () => {
    const kibana = await start({ secretStorage: false });
    await upload(kibana);
    await send(kibana, 'POST', PATH, { body: POLICY });
    expect(kibana.policies()[0]?.inputs[0]?.vars?.token?.value).toBe('hush');
  });

  it.each<[name: string, body: object, status: number, message: string | RegExp]>([
    ['an unknown key', { ...POLICY, nmae: 'x' }, 400, '[request body.nmae]: definition for this key is missing'],
    ['no name', withPart(['name'], undefined), 400, /must have required property 'name'/],
    ['a value of no kind', withPart([...AUDIT, 'id'], { a: 1 }), 400, /\[request body\.inputs\.tiny-cel/],
    ['an unknown input', withPart(['inputs', 'tiny-httpjson'], {}), 400, 'Input not found: tiny-httpjson'],
    ['an unknown stream', withPart([...INPUT, 'streams', 'tiny.none'], {}), 400, 'Stream not found tiny-cel: tiny.none'],
    ['an unknown variable of the input', withPart([...INPUT, 'vars', 'tokn'], 'x'), 400, 'Variable tiny-cel:tokn not found'],
    ['an unknown variable of the stream', withPart([...AUDIT, 'none'], 'x'), 400, 'Variable tiny-cel tiny.audit:none not found'],
    ['an unknown variable of the package', { ...POLICY, vars: { none: 'x' } }, 400, 'Variable :none not found'],
    ['no required secret', withPart([...INPUT, 'vars', 'token'], undefined), 400, 'Package policy is invalid: inputs.cel.vars.token: Token is required'],
    ['no required id', withPart([...AUDIT, 'id'], []), 400, 'Package policy is invalid: inputs.cel.streams.tiny.audit.vars.id: IDs is required'],
    ['one id in place of a list', withPart([...AUDIT, 'id'], 'a'), 400, /IDs: expected array/],
    ['a choice that is none', withPart([...AUDIT, 'kind'], 'c'), 400, /kind: Invalid value for select type/],
    ['no boolean', withPart([...AUDIT, 'keep'], 'maybe'), 400, /keep: Boolean values/],
    ['no integer', withPart([...AUDIT, 'size'], 'much'), 400, /size: Invalid integer/],
    ['no address', withPart([...INPUT, 'vars', 'url'], 'no address'), 400, /url: Invalid URL format/],
    ['no YAML', withPart([...INPUT, 'vars', 'ssl'], 'a: ['), 400, /ssl: Invalid YAML format/],
    ['a bad namespace', { ...POLICY, namespace: 'A-b' }, 400, /Namespace contains invalid characters/],
    ['another version of the package', { ...POLICY, package: { name: 'tiny', version: '2.0.0' } }, 404, /tiny-2\.0\.0/],
    ['an agent policy that is not there', { ...POLICY, policy_ids: ['none'] }, 404, 'Agent policy not found'],
    ['no list of agent policies', withPart(['policy_ids'], undefined), 404, 'Agent policy not found'],
    ['none of them, without a licence', { ...POLICY, policy_ids: [] }, 400, /Enterprise license/],
  ])('with %s is refused', async (_name, body, status, message) => {
    const kibana = await start();
    await upload(kibana);
    const answered = await send(kibana, 'POST', PATH, { body });
    expect([answered.status, kibana.policies()]).toEqual([status, []]);
    if (typeof message === 'string') expect(answered.body.message).toBe(message);
    else expect(answered.body.message).toMatch(message);
  });

  it('needs a name of its own', async () => {
    const kibana = await start({ license: 'enterprise' });
    await upload(kibana);
    const { id } = (await send(kibana, 'POST', PATH, { body: POLICY })).body.item as { id: string };
    expect((await send(kibana, 'POST', PATH, { body: { ...POLICY, policy_ids: [] } })).status).toBe(409);
    expect((await send(kibana, 'PUT', `${PATH}/${id}`, { body: POLICY })).status).toBe(200);
  });
});

describe('a package with policies', () => {
  it('goes with them, unless agents run one', async () => {
    const kibana = await start({ agentPolicies: [{ id: 'agents', name: 'Agents', agents: 3 }], license: 'enterprise' });
    await upload(kibana);
    const { id } = (await send(kibana, 'POST', PATH, { body: POLICY })).body.item as { id: string };
    const { body } = await send(kibana, 'GET', `${PATH}?withAgentCount=true`);
    expect(body.items?.[0]?.agents).toBe(3);
    const refused = await send(kibana, 'DELETE', '/api/fleet/epm/packages/tiny/1.0.0');
    expect([refused.status, refused.body.message]).toEqual([400, 'Unable to remove package tiny:1.0.0 with existing package policy(s) in use by agent(s)']);
    await send(kibana, 'PUT', `${PATH}/${id}`, { body: { ...POLICY, policy_ids: [] } });
    expect((await send(kibana, 'DELETE', '/api/fleet/epm/packages/tiny/1.0.0')).status).toBe(200);
    expect([kibana.packages(), kibana.policies()]).toEqual([[], []]);
    expect((await send(kibana, 'DELETE', '/api/fleet/epm/packages/tiny/1.0.0')).status).toBe(400);
  });
});

describe('agent policies', () => {
  it('are found by id and by name', async () => {
    const kibana = await start({
      agentPolicies: [
        { id: 'a', name: 'One' },
        { id: 'b', name: 'Two "2"', namespace: 'x', agents: 1 },
      ],
    });
    expect((await send(kibana, 'GET', '/api/fleet/agent_policies/b')).body.item).toMatchObject({ name: 'Two "2"', namespace: 'x', agents: 1 });
    expect((await send(kibana, 'GET', '/api/fleet/agent_policies/c')).status).toBe(404);
    const kuery = encodeURIComponent('ingest-agent-policies.name:"Two \\"2\\""');
    expect((await send(kibana, 'GET', `/api/fleet/agent_policies?kuery=${kuery}`)).body.items?.map(({ id }) => id)).toEqual(['b']);
  });
});
