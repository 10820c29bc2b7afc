import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { checkInstalled } from '../../src/package/check-installed.ts';
import { install } from '../../src/package/install.ts';
import { toArtefacts } from '../../src/package/to-artefacts.ts';
import { uninstall } from '../../src/package/uninstall.ts';
import { openEngineClient, send, toUniqueName } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { fitArtefacts } from './artefacts.ts';

const plain = await engineOrSkip();
const ingest = await engineOrSkip({ ingest: true });
const declared = await readDefinition('.');
const name = toUniqueName('hx');
/** The declared package under a name of this test, since the engine is shared. */
const definition: PackageDefinition = { ...declared, name };

let client: Elasticsearch;

const targets = definition.streams.map(({ name: stream }) => ({ stream, namespace: 'default' }));

async function putAndCheck(pipeline: 'server' | 'edge'): Promise<void> {
  const done = await install(client, fitArtefacts(toArtefacts(definition, { pipeline }), plain.engine.capabilities.missingFieldTypes), definition);
  expect(done.filter(({ kind }) => kind === 'index template').map(({ name: template }) => template)).toEqual([
    ...targets.map(({ stream }) => `logs-${name}.${stream}`),
    `${name}-state`,
  ]);
  await checkInstalled(client, { package: definition, pipeline, targets, stateIndex: true });
}

async function cleanUp(): Promise<void> {
  for (const path of [`/_data_stream/logs-${name}.*`, `/_ingest/pipeline/logs-${name}.*`]) {
    await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
  }
}

describe('toArtefacts', () => {
  it('names things as Fleet does and lets a pipeline call the @custom ones last', () => {
    const { pipelines, componentTemplates, indexTemplates } = toArtefacts(definition, { pipeline: 'server' });
    const version = declared.version;
    expect(Object.keys(pipelines)).toEqual(targets.map(({ stream }) => `logs-${name}.${stream}-${version}`));
    expect(Object.keys(componentTemplates)).toEqual(targets.map(({ stream }) => `logs-${name}.${stream}@package`));
    expect(Object.keys(indexTemplates)).toEqual([...targets.map(({ stream }) => `logs-${name}.${stream}`), `${name}-state`]);
    const { processors } = pipelines[`logs-${name}.audit-${version}`] as { readonly processors: readonly { readonly pipeline?: { readonly name: string } }[] };
    expect(processors.slice(-4).map(({ pipeline }) => pipeline?.name)).toEqual([
      'global@custom',
      'logs@custom',
      `logs-${name}.integration@custom`,
      `logs-${name}.audit@custom`,
    ]);
  });

  it('has no pipeline at the edge, and nothing that names one', () => {
    const artefacts = toArtefacts(definition, { pipeline: 'edge' });
    expect(artefacts.pipelines).toEqual({});
    expect(JSON.stringify(artefacts)).not.toContain('default_pipeline');
  });

  it('carries the version of the npm package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly version: string };
    expect(declared.version).toBe(version);
  });
});

plain.describeEngine('the declared package', () => {
  beforeAll(async () => {
    client = await openEngineClient(plain.engine);
  });

  afterAll(async () => {
    await uninstall(client, name);
    await cleanUp();
    await client.close();
  });

  it('is installed for the edge on any engine', async () => {
    await putAndCheck('edge');
    await uninstall(client, name);
  });
});

ingest.describeEngine('the declared package with ingest pipelines', () => {
  beforeAll(async () => {
    client = await openEngineClient(ingest.engine);
  });

  afterAll(async () => {
    await uninstall(client, name);
    await cleanUp();
    await client.close();
  });

  it('is installed, takes an event through its own and the @custom pipeline, is installed again and removed', async () => {
    await putAndCheck('server');
    const custom = `logs-${name}.audit@custom`;
    await send(client, 'PUT', `/_ingest/pipeline/${custom}`, { processors: [{ set: { field: 'labels.mine', value: 'yes' } }] });
    const message = JSON.stringify({ id: 'x', when: '2026-01-01T00:00:00Z', action: { type: 'login', result: true }, actor: { ip: '81.2.69.142' } });
    const index = `logs-${name}.audit-default`;
    await send(client, 'POST', `/${index}/_doc`, { message, _conf: { source: 'v1', account_id: 'a' }, tags: [] });
    await putAndCheck('server');
    await send(client, 'POST', `/${index}/_refresh`);
    const { hits } = await send<{ hits: { hits: { _source: object }[] } }>(client, 'GET', `/${index}/_search`);
    expect(hits.hits).toMatchObject([{ _source: { '@timestamp': '2026-01-01T00:00:00.000Z', event: { action: 'login' }, labels: { mine: 'yes' } } }]);
    const removed = await uninstall(client, name);
    expect(removed.filter(({ act }) => act === 'keep')).toEqual([]);
    expect((await client.request({ attempt: 'looking', method: 'GET', path: `/_ingest/pipeline/${custom}` })).status).toBe(200);
  });
});
