import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { ElasticsearchError } from '../../src/errors.ts';
import { type Done, install } from '../../src/package/install.ts';
import { toOwned } from '../../src/package/ownership.ts';
import { toStateIndexName, toStateTemplate } from '../../src/package/state-template.ts';
import { uninstall } from '../../src/package/uninstall.ts';
import { openEngineClient, send, toUniqueName } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { fitArtefacts, makeArtefacts } from './artefacts.ts';

const plain = await engineOrSkip();
const ingest = await engineOrSkip({ ingest: true });

/** New for each test: an engine without the `_data_stream` API cannot delete what a test made. */
let name: string;
let template: string;
let dataStream: string;
let custom: string;
let client: Elasticsearch;

function toLines(done: readonly Done[]): readonly string[] {
  return done.map(({ act, kind, name: what }) => `${act} ${kind} ${what.replaceAll(template, 'T')}`);
}

const put = (version: string, options: Partial<Parameters<typeof makeArtefacts>[0]> = {}) =>
  install(client, fitArtefacts(makeArtefacts({ package: name, version, ...options }), plain.engine.capabilities.missingFieldTypes), { name, version }).then(
    toLines,
  );

async function write(document: object): Promise<Record<string, unknown>> {
  const body = { '@timestamp': '2026-01-01', data_stream: { namespace: 'default' }, ...document };
  const { _id, _index } = await send<{ _id: string; _index: string }>(client, 'POST', `/${dataStream}/_doc`, body);
  return (await send<{ _source: Record<string, unknown> }>(client, 'GET', `/${_index}/_doc/${_id}`))._source;
}

async function exists(path: string): Promise<boolean> {
  return (await client.request({ attempt: 'looking', method: 'GET', path, allow: [404] })).status === 200;
}

beforeAll(async () => {
  client = await openEngineClient(plain.engine);
});

beforeEach(() => {
  name = toUniqueName('hx');
  template = `logs-${name}.s`;
  dataStream = `${template}-default`;
  custom = `${template}@custom`;
});

afterEach(async () => {
  const paths = [
    `/_data_stream/${template}-*`,
    `/_index_template/${name}*`,
    `/_index_template/${template}*`,
    `/_component_template/${template}*`,
    `/_ingest/pipeline/${template}*`,
  ];
  for (const path of paths) {
    await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
  }
});

afterAll(() => client.close());

plain.describeEngine('install', () => {
  it('writes no pipeline at the edge, and does the same again without harm', async () => {
    const expected = ['put component template T@package', 'put index template T'];
    expect(await put('0.1.0', { pipeline: 'edge' })).toEqual(expected);
    await write({ n: 'a' });
    expect(await put('0.1.0', { pipeline: 'edge' })).toEqual([...expected, 'update data stream T-default']);
    expect(await exists(`/_ingest/pipeline/${template}-0.1.0`)).toBe(false);
  });

  it('rolls over only where a mapping conflicts', async () => {
    await put('0.1.0', { pipeline: 'edge' });
    await write({ n: 'a' });
    expect(await put('0.2.0', { pipeline: 'edge', fields: { more: { type: 'ip' } } })).toContain('update data stream T-default');
    expect(await put('0.3.0', { pipeline: 'edge', type: 'long' })).toContain('roll over data stream T-default');
    expect(await put('0.3.0', { pipeline: 'edge', type: 'long' })).toContain('update data stream T-default');
    const { data_streams: streams } = await send<{ data_streams: { backing_indices: string[] }[] }>(client, 'GET', `/_resolve/index/${dataStream}`);
    expect(streams[0]?.backing_indices).toHaveLength(2);
  });

  it('honours a @custom template and never writes it', async () => {
    const body = { template: { mappings: { properties: { mine: { type: 'ip' } } } }, _meta: { mine: true } };
    await send(client, 'PUT', `/_component_template/${custom}`, body);
    await put('0.1.0', { pipeline: 'edge' });
    await write({ mine: '::1' });
    const mapping = await send<Record<string, { mappings: { properties: Record<string, object> } }>>(client, 'GET', `/${dataStream}/_mapping`);
    expect(Object.values(mapping)[0]?.mappings.properties.mine).toEqual({ type: 'ip' });
    await put('0.2.0', { pipeline: 'edge' });
    const { component_templates: kept } = await send<{ component_templates: { component_template: object }[] }>(
      client,
      'GET',
      `/_component_template/${custom}`,
    );
    expect(kept[0]?.component_template).toMatchObject(body);
  });

  it.each([
    ['a person', 'nobody', 'somebody else has put there component template', 'Rename or delete'],
    ['Fleet', 'fleet', "Kibana's Fleet has put there component template", 'install --kibana URL'],
  ])('refuses to overwrite what %s put there, before anything is written', async (_who, by, message, hint) => {
    const meta = { managed_by: by, package: { name } };
    await send(client, 'PUT', `/_component_template/${template}@package`, { template: {}, _meta: meta });
    const error = await put('0.1.0').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ElasticsearchError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string });
    expect(await exists(`/_ingest/pipeline/${template}-0.1.0`)).toBe(false);
    expect(await exists(`/_index_template/${template}`)).toBe(false);
  });

  it('names the template of another whose patterns overlap', async () => {
    await send(client, 'PUT', `/_index_template/${name}-rival`, { index_patterns: [`${template}-*`], priority: 200, data_stream: {} });
    await expect(put('0.1.0', { pipeline: 'edge' })).rejects.toThrow(`${name}-rival`);
  });
});

ingest.describeEngine('install with ingest pipelines', () => {
  it('goes through pipelines, templates, data streams, old pipelines', async () => {
    const templates = ['put component template T@package', 'put index template T'];
    expect(await put('0.1.0')).toEqual(['put ingest pipeline T-0.1.0', ...templates]);
    expect(await write({ n: 'a' })).toMatchObject({ v: '0.1.0' });
    expect(await put('0.2.0')).toEqual(['put ingest pipeline T-0.2.0', ...templates, 'update data stream T-default', 'delete ingest pipeline T-0.1.0']);
    expect(await write({ n: 'a' })).toMatchObject({ v: '0.2.0' });
    expect(await put('0.3.0', { type: 'long' })).toEqual([
      'put ingest pipeline T-0.3.0',
      ...templates,
      'roll over data stream T-default',
      'keep ingest pipeline T-0.2.0',
    ]);
    expect(await write({ n: 1 })).toMatchObject({ v: '0.3.0' });
  });

  it('keeps the old version in use when a template is refused, and goes on from there the next time', async () => {
    await put('0.1.0');
    await write({ n: 'a' });
    await expect(put('0.2.0', { type: 'no-such-type' })).rejects.toThrow('installing the component template');
    expect(await write({ n: 'a' })).toMatchObject({ v: '0.1.0' });
    expect(await put('0.3.0')).toEqual(expect.arrayContaining(['delete ingest pipeline T-0.1.0', 'delete ingest pipeline T-0.2.0']));
    expect(await write({ n: 'a' })).toMatchObject({ v: '0.3.0' });
  });

  it('leaves alone what it did not install', async () => {
    await put('0.1.0');
    await send(client, 'PUT', `/_ingest/pipeline/${template}-0.0.9`, { processors: [] });
    await send(client, 'PUT', `/_ingest/pipeline/${custom}`, toOwned({ processors: [] }, { name, version: '0.1.0' }));
    await put('0.2.0');
    await send(client, 'PUT', `/_component_template/${custom}`, { template: {} });
    await uninstall(client, name);
    expect(await exists(`/_component_template/${custom}`)).toBe(true);
    expect(await exists(`/_ingest/pipeline/${template}-0.0.9`)).toBe(true);
    expect(await exists(`/_ingest/pipeline/${custom}`)).toBe(true);
  });

  it('moves from server to edge: the pipeline goes out of use and away', async () => {
    await put('0.1.0');
    await write({ n: 'a' });
    expect(await put('0.1.0', { pipeline: 'edge' })).toContain('delete ingest pipeline T-0.1.0');
    expect(await write({ n: 'a' })).not.toHaveProperty('v');
  });
});

plain.describeEngine('uninstall without another template for the data', () => {
  it('changes nothing and says what to do', async () => {
    await put('0.1.0', { pipeline: 'edge' });
    await write({ n: 'a' });
    const logs = await client.request<{ index_templates: { index_template: object }[] }>({
      attempt: 'looking',
      method: 'GET',
      path: '/_index_template/logs',
      allow: [404],
    });
    const done = await uninstall(client, name).catch((error: unknown) => error);
    if (logs.status === 404) {
      expect(done).toMatchObject({
        message: expect.stringContaining('in use by a data stream') as string,
        hint: expect.stringContaining('--delete-data') as string,
      });
      expect(await exists(`/_component_template/${template}@package`)).toBe(true);
    } else {
      expect(await exists(`/_component_template/${template}@package`)).toBe(false);
    }
  });
});

ingest.describeEngine('uninstall', () => {
  it('takes templates and pipelines of every version away and keeps the events writable', async () => {
    await put('0.1.0');
    await write({ n: 'a' });
    await put('0.2.0', { type: 'long' });
    const done = toLines(await uninstall(client, name));
    expect(done.filter((line) => line.startsWith('delete'))).toEqual([
      'delete index template T',
      'delete component template T@package',
      'delete ingest pipeline T-0.1.0',
      'delete ingest pipeline T-0.2.0',
    ]);
    expect(await write({ n: 1 })).not.toHaveProperty('v');
    expect(await uninstall(client, name)).toEqual([]);
  });

  it('deletes the events and the shared state only when asked', async () => {
    const state = toStateIndexName(name);
    const putState = async () => {
      for (const [key, body] of Object.entries(toStateTemplate({ name, version: '0.1.0' }))) {
        await send(client, 'PUT', `/_index_template/${key}`, toOwned(body, { name, version: '0.1.0' }));
      }
    };
    await put('0.1.0');
    await putState();
    await send(client, 'PUT', `/${state}/_doc/a`, { kind: 'state', key: 'a' });
    expect(toLines(await uninstall(client, name))).toContain(`delete index template ${state}`);
    expect(await exists(`/${state}`)).toBe(true);
    await put('0.1.0');
    await putState();
    await write({ n: 'a' });
    const wiped = toLines(await uninstall(client, name, { deleteData: true }));
    expect(wiped).toEqual(expect.arrayContaining([`delete index ${state}`, `delete index template ${state}`]));
    expect(await exists(`/${state}`)).toBe(false);
    await put('0.1.0');
    await write({ n: 'a' });
    expect(toLines(await uninstall(client, name, { deleteData: true }))[0]).toBe('delete data stream T-default');
    expect(await exists(`/${dataStream}`)).toBe(false);
  });
});
