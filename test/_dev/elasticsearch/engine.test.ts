import { afterAll, expect, it } from 'vitest';
import { askEngine } from '../../../_dev/elasticsearch/ask-engine.ts';
import { nearestTypes, toNearestTypes } from '../../../_dev/elasticsearch/to-nearest-types.ts';
import { engineOrSkip } from '../../engines.ts';

const { engine, describeEngine } = await engineOrSkip();
const ingesting = await engineOrSkip({ ingest: true });

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  return askEngine(engine, { method, path, body });
}

describeEngine('the engine of this run', () => {
  const template = 'logs-development-provider';
  const stream = `${template}-test`;

  afterAll(async () => {
    await ask('DELETE', `/_data_stream/${stream}`);
    await ask('DELETE', `/_index_template/${template}`);
  });

  it('is what it says it is', async () => {
    const { body } = await ask('GET', '/_nodes?filter_path=nodes.*.version');
    expect(JSON.stringify(body)).toContain(`"${engine.version}"`);
    expect((await ask('GET', '/')).status === 200).toBe(engine.capabilities.rootApi);
  });

  it('takes every field type of ours once the missing ones are replaced', async () => {
    const properties = Object.fromEntries(Object.keys(nearestTypes).map((type) => [type, { type, ...(type === 'scaled_float' && { scaling_factor: 10 }) }]));
    const mappings = toNearestTypes({ properties: { '@timestamp': { type: 'date' }, ...properties } }, engine.capabilities.missingFieldTypes);
    const made = await ask('PUT', `/_index_template/${template}`, {
      index_patterns: [`${template}-*`],
      priority: 500,
      data_stream: {},
      template: { mappings },
    });
    expect(made).toEqual({ status: 200, body: { acknowledged: true } });
  });

  it('makes a data stream by a write and refuses a second document of one id', async () => {
    const path = `/${stream}/_create/one?refresh=true`;
    expect((await ask('PUT', path, { '@timestamp': '2025-01-01T00:00:00Z', version: '1.2.3', wildcard: 'a' })).status).toBe(201);
    expect((await ask('PUT', path, { '@timestamp': '2025-01-01T00:00:00Z' })).status).toBe(409);
    const { body } = await ask('POST', `/${stream}/_search`, { query: { term: { version: '1.2.3' } } });
    expect(body).toMatchObject({ hits: { total: { value: 1 } } });
  });
});

ingesting.describeEngine('an engine with ingest processors', () => {
  it('runs a pipeline with a processor', async () => {
    const body = { pipeline: { processors: [{ lowercase: { field: 'a' } }] }, docs: [{ _source: { a: 'B' } }] };
    expect((await ask('POST', '/_ingest/pipeline/_simulate', body)).body).toMatchObject({ docs: [{ doc: { _source: { a: 'b' } } }] });
  });
});
