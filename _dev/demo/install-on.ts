import { fileURLToPath } from 'node:url';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { openElasticsearch } from '../../src/elasticsearch/client.ts';
import { install } from '../../src/package/install.ts';
import { toArtefacts } from '../../src/package/to-artefacts.ts';
import type { ProvidedElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { toNearestArtefacts } from './to-nearest-artefacts.ts';

/**
 * Installs what the command `install` would; where the engine lacks field types, with the nearest ones.
 * @returns a sentence about it
 */
export async function installOn(engine: ProvidedElasticsearch): Promise<string> {
  const definition = await readDefinition(fileURLToPath(new URL('../../', import.meta.url)));
  const pipeline = engine.capabilities.ingest ? 'server' : 'edge';
  const credential = engine.credentials === undefined ? ({ kind: 'none' } as const) : ({ kind: 'basic', ...engine.credentials } as const);
  const ssl = { certificateAuthorities: [], verification: 'full' } as const;
  const client = await openElasticsearch({ url: engine.url, credential, pipeline, ssl }, { userAgent: `cloudflare-integration/${definition.version}` });
  try {
    const done = await install(client, toNearestArtefacts(toArtefacts(definition, { pipeline }), engine.capabilities), definition);
    const { missingFieldTypes } = engine.capabilities;
    const nearest = missingFieldTypes.length === 0 ? '' : `, with the nearest field types in place of ${missingFieldTypes.join(', ')}`;
    const where = pipeline === 'server' ? 'Elasticsearch maps the events' : 'events are mapped at the edge: this Elasticsearch has no ingest processors';
    return `installed ${done.length} templates and pipelines${nearest}; ${where}`;
  } finally {
    await client.close();
  }
}
