import { describe, expect, it } from 'vitest';
import type { KibanaOptions } from '../../../_dev/kibana/options.ts';
import { manifestWith, useSimulation, zipOf } from './kibana-client.ts';

const { send, start, upload } = useSimulation();
const AUDIT = 'tiny-1.0.0/data_stream/audit';

describe('an upload', () => {
  it('installs a package, and its answer names what was made', async () => {
    const kibana = await start();
    const dashboard = {
      id: 'tiny-a',
      type: 'dashboard',
      attributes: { title: 'A' },
      references: [],
      coreMigrationVersion: '8.8.0',
      typeMigrationVersion: '10.2.0',
    };
    const { body, status } = await upload(kibana, zipOf({ 'tiny-1.0.0/kibana/dashboard/tiny-a.json': JSON.stringify(dashboard) }));
    expect(status).toBe(200);
    expect(body.items).toEqual(
      expect.arrayContaining([
        { id: 'tiny-a', type: 'dashboard' },
        { id: 'logs-tiny.audit', type: 'index_template' },
      ]),
    );
  });

  it.each([
    ['8.19.3', true],
    ['9.1.0', false],
  ])('can be asked for; %s shows the saved object: %s', async (version, shown) => {
    const kibana = await start({ version });
    expect((await send(kibana, 'GET', '/api/fleet/epm/packages/tiny')).status).toBe(404);
    await upload(kibana);
    const { body } = await send(kibana, 'GET', '/api/fleet/epm/packages/tiny');
    expect(body.item).toMatchObject({ name: 'tiny', status: 'installed', installationInfo: { version: '1.0.0', install_source: 'upload' } });
    expect('savedObject' in (body.item ?? {})).toBe(shown);
    expect((await send(kibana, 'GET', '/api/fleet/epm/packages/tiny/0.9.0')).status).toBe(404);
  });

  it.each<[name: string, zip: Uint8Array, message: RegExp]>([
    ['no zip', new TextEncoder().encode('no zip'), /Error during extraction of package/],
    ['two top folders', zipOf({ 'other/a.yml': 'a' }), /more than one top-level directory/],
    ['another top folder', zipOf(manifestWith('version: 1.0.0', 'version: 1.0.1')), /do not match top-level directory tiny-1\.0\.0/],
    ['no manifest', zipOf({ 'tiny-1.0.0/manifest.yml': undefined }), /Could not find manifest file/],
    ['a manifest without owner', zipOf(manifestWith('owner: { github: a/b, type: community }\n', '')), /fields missing of owner/],
    ['a manifest that is no YAML', zipOf({ [`${AUDIT}/manifest.yml`]: 'a: [' }), /Could not parse manifest of data stream 'audit'/],
    ['a variable without type', zipOf(manifestWith(', type: yaml', '')), /mandatory fields missing: type/],
    ['no agent template', zipOf({ [`${AUDIT}/agent/stream/cel.yml.hbs`]: undefined }), /stream template cel\.yml\.hbs not found/],
    [
      'a dashboard of another id',
      zipOf({ 'tiny-1.0.0/kibana/dashboard/a.json': '{"id":"b","type":"dashboard","attributes":{}}' }),
      /Encountered 1 errors creating saved objects/,
    ],
    [
      'a dashboard of the future',
      zipOf({ 'tiny-1.0.0/kibana/dashboard/a.json': '{"id":"a","type":"dashboard","attributes":{},"typeMigrationVersion":"10.9.0"}' }),
      /belongs to a more recent version of Kibana \[10\.9\.0\]/,
    ],
  ])('of %s is refused', async (_name, zip, message) => {
    const kibana = await start();
    const { body, status } = await upload(kibana, zip);
    expect(status).toBe(400);
    expect(body.message).toMatch(message);
    expect(kibana.packages()).toEqual([]);
  });

  const pipeline = { 'tiny-1.0.0/elasticsearch/ingest_pipeline/a.yml': 'processors: []' };
  it.each<[name: string, zip: Uint8Array, options: KibanaOptions, message: RegExp]>([
    ['a pipeline at the top', zipOf(pipeline), {}, /forbidden asset: tiny-1\.0\.0\/elasticsearch\/ingest_pipeline\/a\.yml/],
    ['an index template', zipOf({ 'tiny-1.0.0/elasticsearch/index_template/a.json': '{}' }), {}, /forbidden asset/],
    ['an input package', zipOf(manifestWith('type: integration', 'type: input')), {}, /cannot be input packages/],
    [
      'privileges',
      zipOf(manifestWith('type: integration', 'type: integration\nelasticsearch: { privileges: { cluster: [all] } }')),
      {},
      /cannot request Elasticsearch privileges/,
    ],
    ['a name of the registry', zipOf(), { registry: ['tiny'] }, /already exists in the package registry/],
    ['a name that cannot be looked up', zipOf(), { registry: 'unreachable' }, /Could not verify/],
    ['a package of the registry', zipOf(), { installed: [{ name: 'tiny', version: '0.9.0', source: 'registry' }] }, /replaces the registry-installed package/],
    [
      'a dataset of another',
      zipOf(),
      { installed: [{ name: 'b', version: '1.0.0', source: 'upload', datasets: ['tiny.audit.x'] }] },
      /already owned by installed package "b"/,
    ],
    [
      'a dataset with events',
      zipOf(),
      { dataStreams: [{ name: 'logs-tiny.audit-default', packageName: 'tiny' }] },
      /A matching live data stream "logs-tiny\.audit-default"/,
    ],
    [
      "a dataset with somebody's events",
      zipOf(),
      { installed: [{ name: 'tiny', version: '0.9.0', source: 'upload' }], dataStreams: [{ name: 'logs-tiny.raw-x' }] },
      /A matching live data stream "logs-tiny\.raw-x"/,
    ],
  ])('of %s is refused by newer Kibanas only', async (_name, zip, options, message) => {
    for (const version of ['8.19.22', '9.4.7', '9.5.4']) {
      const { body, status } = await upload(await start({ version, ...options }), zip);
      expect([version, status]).toEqual([version, 400]);
      expect(body.message).toMatch(message);
    }
    for (const version of ['8.19.21', '9.4.6', '9.5.3', '9.1.0'])
      expect([version, (await upload(await start({ version, ...options }), zip)).status]).toEqual([version, 200]);
  });

  it('may come again, and over events of the package', async () => {
    const kibana = await start({
      installed: [{ name: 'tiny', version: '0.9.0', source: 'upload' }],
      dataStreams: [{ name: 'logs-tiny.audit-default', packageName: 'tiny' }],
    });
    expect([(await upload(kibana)).status, (await upload(kibana)).status]).toEqual([200, 200]);
  });

  it('is held to the condition where that is switched on', async () => {
    expect((await upload(await start({ version: '9.0.8' }))).status).toBe(200);
    const { body, status } = await upload(await start({ version: '9.0.8', checksConditions: true }));
    expect([status, body.message]).toEqual([400, 'Package tiny-1.0.0 requires Kibana version ^8.19.0 || ^9.1.0, this is 9.0.8']);
  });

  it('waits for others', async () => {
    const kibana = await start({ delayedUploads: 1 });
    expect([(await upload(kibana)).status, (await upload(kibana)).status]).toEqual([429, 200]);
    const other = await start();
    await upload(other);
    other.beginInstall('tiny');
    expect((await upload(other)).status).toBe(409);
  });
});

describe('how a request is made', () => {
  it.each([
    ['without kbn-xsrf', { 'kbn-xsrf': undefined }, 400, /kbn-xsrf/],
    ['of another API version', { 'elastic-api-version': '2020-01-01' }, 400, /Unknown version/],
    ['as JSON', { 'content-type': 'application/json' }, 415, /Unsupported Media Type/],
    ['by nobody', { authorization: undefined }, 401, /Authentication required/],
    ['by somebody unknown', { authorization: 'ApiKey abc' }, 401, /unable to authenticate/],
  ])('%s is refused', async (_name, headers, status, message) => {
    const answered = await send(await start(), 'POST', '/api/fleet/epm/packages', { raw: zipOf(), headers: { 'content-type': 'application/zip', ...headers } });
    expect(answered.status).toBe(status);
    expect(answered.body.message).toMatch(message);
  });

  it('knows rights, spaces, paths and parameters', async () => {
    const kibana = await start({ credentials: [{ kind: 'basic', username: 'u', password: 'p', rights: 'read' }], spaces: ['ops'] });
    const headers = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` };
    const ask = async (method: string, path: string): Promise<number> => (await send(kibana, method, path, { headers })).status;
    expect(await ask('GET', '/s/ops/api/fleet/package_policies')).toBe(200);
    expect(await ask('GET', '/s/none/api/fleet/package_policies')).toBe(404);
    expect(await ask('GET', '/api/fleet/package_policies?perpage=1')).toBe(400);
    expect(await ask('GET', '/api/fleet/package_policies?perPage=many')).toBe(400);
    expect(await ask('GET', '/api/fleet/package_policies?kuery=ingest-package-policies.secret:x')).toBe(400);
    expect(await ask('GET', '/api/fleet/none')).toBe(404);
    expect(await ask('DELETE', '/api/fleet/epm/packages/tiny/1.0.0')).toBe(403);
  });
});
