import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileIndexTemplate } from '../../src/compile/compile-index-template.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { openEngineClient, send, toUniqueName } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

interface Hits {
  readonly hits: { readonly hits: readonly { readonly fields: Readonly<Record<string, readonly unknown[]>> }[] };
}

interface FieldCaps {
  readonly fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describeEngine("compileIndexTemplate of this project's data streams", () => {
  let client: Elasticsearch;
  let definition: PackageDefinition;

  beforeAll(async () => {
    client = await openEngineClient(engine);
    definition = { ...(await readDefinition('.')), name: toUniqueName('zz_compile_') };
    for (const stream of definition.streams) {
      const { componentTemplates, indexTemplate } = compileIndexTemplate(stream, definition, { pipeline: 'edge' });
      for (const { name, body } of componentTemplates) await send(client, 'PUT', `/_component_template/${name}`, body);
      await send(client, 'PUT', `/_index_template/${indexTemplate.name}`, indexTemplate.body);
    }
  });

  afterAll(async () => {
    for (const path of ['_data_stream', '_index_template', '_component_template']) {
      await client.request({ attempt: 'clean up', method: 'DELETE', path: `/${path}/logs-${definition.name}.*`, allow: 'any' });
    }
    await client.close();
  });

  it('is taken by Elasticsearch, field by field with the declared type', async () => {
    for (const { name, fields } of definition.streams) {
      const index = `logs-${definition.name}.${name}-default`;
      await send(client, 'PUT', `/_data_stream/${index}`);
      const caps = await send<FieldCaps>(client, 'GET', `/${index}/_field_caps?fields=*`);
      const declared = fields.filter(({ type }) => type !== 'group');
      const types = declared.map((field) => [field.name, Object.keys(caps.fields[field.name] ?? {})]);
      const families: Readonly<Record<string, string>> = { match_only_text: 'text', wildcard: 'keyword' };
      expect(types).toEqual(declared.map((field) => [field.name, [families[field.type] ?? field.type]]));
    }
  });

  it('knows the data set of an event that does not say it, and takes fields that nobody declared', async () => {
    for (const { name } of definition.streams) {
      const dataset = `${definition.name}.${name}`;
      await send(client, 'POST', `/logs-${dataset}-default/_create/1?pipeline=_none&refresh=true`, { '@timestamp': '2026-11-01T00:00:00Z', x: '2026-11-01' });
      const query = {
        query: { bool: { filter: [{ term: { 'data_stream.dataset': dataset } }, { term: { 'event.module': definition.name } }] } },
        fields: ['x'],
      };
      const { hits } = await send<Hits>(client, 'POST', `/logs-${dataset}-default/_search`, query);
      expect(hits.hits).toMatchObject([{ fields: { x: ['2026-11-01'] } }]);
    }
  });
});
