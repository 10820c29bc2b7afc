import { describe, expect, it } from 'vitest';
import { DEMO_API_KEY } from '../../../_dev/kibana/options.ts';
import type { PackagePolicy } from '../../../_dev/kibana/package-policy.ts';
import { startKibana } from '../../../_dev/kibana/start-kibana.ts';
import { POLICY, useSimulation } from './kibana-client.ts';

const { send, start, upload } = useSimulation();
const POLICIES = '/api/fleet/package_policies';
const PACKAGE = '/api/fleet/epm/packages/tiny';

/** The policy with other IDs, or something in their place. */
function withIds(id: unknown): object {
  return { ...POLICY, inputs: { 'tiny-cel': { vars: { token: 'hush' }, streams: { 'tiny.audit': { vars: { id } } } } } };
}

const idsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `id-${index}`);

describe('the status', () => {
  it('is whole for who is known, and only a level for others', async () => {
    const kibana = await start({ version: '9.1.0' });
    const known = (await send(kibana, 'GET', '/api/status')).body;
    expect(known).toMatchObject({ version: { number: '9.1.0', build_flavor: 'traditional' }, status: { overall: { level: 'available', meta: {} } } });
    expect(Object.keys(known).toSorted()).toEqual(['metrics', 'name', 'status', 'uuid', 'version']);
    const unknown = await send(kibana, 'GET', '/api/status', { headers: { authorization: undefined } });
    expect(unknown).toEqual({ status: 200, body: { status: { overall: { level: 'available' } } } });
    kibana.setLevel('unavailable');
    expect(await send(kibana, 'GET', '/api/status')).toMatchObject({ status: 503, body: { status: { overall: { level: 'unavailable' } } } });
  });
});

describe('a package', () => {
  it('stands in the answer twice before 9.0, where no version is asked for', async () => {
    for (const [version, keys] of [
      ['8.19.3', ['item', 'response']],
      ['9.1.0', ['item']],
    ] as const) {
      const kibana = await start({ version });
      await upload(kibana);
      const { body } = await send(kibana, 'GET', PACKAGE);
      expect([version, Object.keys(body)]).toEqual([version, keys]);
      expect(Object.keys((await send(kibana, 'GET', `${PACKAGE}/1.0.0`)).body)).toEqual(['item']);
      expect(body.item?.installationInfo).toMatchObject({ type: 'epm-packages', verification_status: 'unknown', install_status: 'installed' });
    }
  });

  it('says whether it has policies, where that is asked for', async () => {
    const kibana = await start();
    await upload(kibana);
    const ask = async (): Promise<object> => (await send(kibana, 'GET', `${PACKAGE}?withMetadata=true`)).body;
    expect(await ask()).toMatchObject({ metadata: { has_policies: false } });
    await send(kibana, 'POST', POLICIES, { body: POLICY });
    expect(await ask()).toMatchObject({ metadata: { has_policies: true } });
  });

  it.each([
    ['8.19.3', { install_source: 'upload' }],
    ['9.1.0', { install_source: 'upload' }],
    ['9.2.0', { install_source: 'upload', name: 'tiny' }],
  ])('is named by the upload from 9.2 on, not by %s', async (version, meta) => {
    expect((await upload(await start({ version }))).body).toHaveProperty('_meta', meta);
  });
});

describe('a policy that is sent', () => {
  it.each([
    ['8.19.22', 200],
    ['9.3.0', 200],
    ['9.3.1', 400],
    ['9.5.4', 400],
  ])('with 101 values in a list: %s answers %i', async (version, status) => {
    const kibana = await start({ version });
    await upload(kibana);
    const answered = await send(kibana, 'POST', POLICIES, { body: withIds(idsOf(101)) });
    expect(answered.status).toBe(status);
    if (status === 400)
      expect(answered.body.message).toBe('[request body.inputs.tiny-cel.streams.tiny.audit.vars.id]: array size is [101], but cannot be greater than [100]');
    for (const { id } of kibana.policies()) await send(kibana, 'DELETE', `${POLICIES}/${id}`);
    expect((await send(kibana, 'POST', POLICIES, { body: withIds(idsOf(100)) })).status).toBe(200);
  });

  it('may refer to one secret, not to several at once', async () => {
    const kibana = await start();
    await upload(kibana);
    const { body, status } = await send(kibana, 'POST', POLICIES, { body: withIds({ ids: ['a'], isSecretRef: true }) });
    expect([status, body.message]).toEqual([400, expect.stringMatching(/^\[request body\.inputs\.tiny-cel/)]);
  });

  it('may have features of data streams', async () => {
    const kibana = await start();
    await upload(kibana);
    const post = async (features: object): Promise<number> => {
      const experimental = [{ data_stream: 'logs-tiny.audit', features }];
      return (await send(kibana, 'POST', POLICIES, { body: { ...POLICY, package: { ...POLICY.package, experimental_data_stream_features: experimental } } }))
        .status;
    };
    expect([await post({ tsbd: true }), await post({ tsdb: true })]).toEqual([400, 200]);
  });
});

describe('an answer that Kibana does not give', () => {
  it.each([
    ['has too little', { created_by: undefined }, /response body\.items\.0\]: must have required property 'created_by'/],
    ['has too much', { owner: 'me' }, /response body\.items\.0\.owner\]: must NOT have additional properties/],
  ])('is a bug of the simulation: it %s', async (_name, wrong, message) => {
    const kibana = await startKibana();
    const policy = { id: 'a', name: 'a', namespace: '', enabled: true, policy_ids: [], inputs: [], revision: 1 };
    const made = { created_at: '', created_by: 'me', updated_at: '', updated_by: 'me' };
    kibana.putPolicy({ ...policy, ...made, ...wrong } as PackagePolicy);
    const { status } = await fetch(`${kibana.url}${POLICIES}`, { headers: { authorization: `ApiKey ${DEMO_API_KEY}` } });
    await kibana.close();
    expect(status).toBe(500);
    expect(kibana.bugs.map(String)).toEqual([expect.stringMatching(message)]);
  });
});
