import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { NotInstalledError } from '../../src/errors.ts';
import { checkInstalled } from '../../src/package/check-installed.ts';
import { install } from '../../src/package/install.ts';
import { toOwned } from '../../src/package/ownership.ts';
import { toStateTemplate } from '../../src/package/state-template.ts';
import { openEngineClient, send, toUniqueName } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { fitArtefacts, makeArtefacts } from './artefacts.ts';

const plain = await engineOrSkip();
const ingest = await engineOrSkip({ ingest: true });

/** New for each test: an engine without the `_data_stream` API cannot delete what a test made. */
let name: string;
let template: string;
let client: Elasticsearch;

const put = (version: string, pipeline: 'server' | 'edge' = 'server') =>
  install(client, fitArtefacts(makeArtefacts({ package: name, version, pipeline }), plain.engine.capabilities.missingFieldTypes), { name, version });

/** The error of a check, or undefined where all is well. */
function check({ version = '0.2.0', pipeline = 'server' as 'server' | 'edge', stream = 's' } = {}): Promise<unknown> {
  const options = { package: { name, version }, pipeline, targets: [{ stream, namespace: 'default' }] };
  return checkInstalled(client, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** What Kibana writes when the package is installed there. */
async function putAsFleet(version: string): Promise<void> {
  const meta = { managed_by: 'fleet', managed: true, package: { name } };
  const { pipelines, componentTemplates, indexTemplates } = makeArtefacts({ package: name, version });
  const all = [
    ['_ingest/pipeline', pipelines],
    ['_component_template', componentTemplates],
    ['_index_template', indexTemplates],
  ] as const;
  for (const [path, bodies] of all) {
    for (const [key, body] of Object.entries(bodies)) {
      await send(client, 'PUT', `/${path}/${key}`, { ...body, _meta: meta });
    }
  }
}

beforeAll(async () => {
  client = await openEngineClient(plain.engine);
});

beforeEach(() => {
  name = toUniqueName('hx');
  template = `logs-${name}.s`;
});

afterEach(async () => {
  for (const path of [
    `/_data_stream/${template}-*`,
    `/_index_template/${name}*`,
    `/_index_template/${template}*`,
    `/_component_template/${template}*`,
    `/_ingest/pipeline/${template}*`,
  ]) {
    await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
  }
});

afterAll(() => client.close());

plain.describeEngine('checkInstalled', () => {
  it('stops with the install command where nothing is installed, or only another stream', async () => {
    const missing = {
      message: expect.stringContaining(`${template}-default: `) as string,
      hint: expect.stringContaining('`cloudflare-integration install`') as string,
    };
    expect(await check()).toMatchObject(missing);
    await put('0.2.0', 'edge');
    expect(await check({ pipeline: 'edge' })).toBeUndefined();
    expect(await check({ pipeline: 'edge', stream: 'other' })).toBeInstanceOf(NotInstalledError);
  });

  it('stops where only the templates of edge mode are there but Elasticsearch is to map', async () => {
    await put('0.2.0', 'edge');
    const error = await check();
    expect(error).toBeInstanceOf(NotInstalledError);
    expect(error).toMatchObject({ hint: expect.stringContaining('elasticsearch.pipeline: edge') as string });
  });

  it("stops where somebody's template with a higher priority applies", async () => {
    await put('0.2.0', 'edge');
    await send(client, 'PUT', `/_index_template/${name}-rival`, { index_patterns: [`logs-${name}*-def*`], priority: 900, data_stream: {} });
    expect(await check({ pipeline: 'edge' })).toMatchObject({
      message: `${template}-default: the index template that applies, ${name}-rival, is not that of ${name}`,
      hint: expect.stringContaining(`Lower the priority of ${name}-rival`) as string,
    });
  });
});

plain.describeEngine('checkInstalled with the state in Elasticsearch', () => {
  it('stops where the template of the state is missing, or another comes before it', async () => {
    await put('0.2.0', 'edge');
    const options = { package: { name, version: '0.2.0' }, pipeline: 'edge', targets: [], stateIndex: true } as const;
    const missing = new RegExp(`${name}-state: the index template for the state is not installed`);
    await checkInstalled(client, { ...options, stateIndex: false });
    await expect(checkInstalled(client, options)).rejects.toThrow(missing);
    const [[state, body]] = Object.entries(toStateTemplate({ name, version: '0.2.0' })) as [[string, object]];
    await send(client, 'PUT', `/_index_template/${state}`, toOwned(body, { name, version: '0.2.0' }));
    await checkInstalled(client, options);
    await send(client, 'PUT', `/_index_template/${name}-rival`, { index_patterns: [`${name}-st*`], priority: 900 });
    await expect(checkInstalled(client, options)).rejects.toThrow(missing);
  });
});

ingest.describeEngine('checkInstalled with ingest pipelines', () => {
  it('passes what this program installed, the same and older versions of the major', async () => {
    await put('0.1.0');
    expect(await check()).toBeUndefined();
    await put('0.2.0');
    expect(await check()).toBeUndefined();
  });

  it('passes what Kibana installed', async () => {
    await putAsFleet('0.2.0');
    expect(await check()).toBeUndefined();
  });

  it('stops before a version that it does not know', async () => {
    await put('0.3.0');
    expect(await check()).toMatchObject({ message: expect.stringContaining('is of version 0.3.0, which this program, 0.2.0, does not know') as string });
  });

  it('stops where @custom names another default pipeline, where ours is gone, and where it is not ours', async () => {
    await put('0.2.0');
    await send(client, 'PUT', `/_component_template/${template}@custom`, { template: { settings: { 'index.default_pipeline': 'mine' } } });
    expect(await check()).toMatchObject({ message: expect.stringContaining('its default pipeline mine is not that of') as string });
    await send(client, 'DELETE', `/_index_template/${template}`);
    await send(client, 'DELETE', `/_component_template/${template}@custom`);
    await put('0.2.0');
    await send(client, 'DELETE', `/_ingest/pipeline/${template}-0.2.0`);
    expect(await check()).toMatchObject({ message: expect.stringContaining('does not exist') as string });
    await send(client, 'PUT', `/_ingest/pipeline/${template}-0.2.0`, { processors: [] });
    expect(await check()).toMatchObject({ message: expect.stringContaining('was not installed by') as string });
  });

  it('stops where the data stream itself runs another pipeline than its template says', async () => {
    await put('0.2.0');
    await send(client, 'POST', `/${template}-default/_doc`, { '@timestamp': '2026-01-01' });
    expect(await check()).toBeUndefined();
    await send(client, 'PUT', `/${template}-default/_settings`, { 'index.default_pipeline': '_none' });
    expect(await check()).toMatchObject({ message: expect.stringContaining('it has no default pipeline') as string });
    await put('0.2.0');
    expect(await check()).toBeUndefined();
  });
});
