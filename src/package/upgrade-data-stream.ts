import { type ExistingDataStream, readDataStreams, readDefaultPipelines } from './data-streams.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import type { Done } from './install.ts';

interface Simulated {
  readonly template: {
    readonly settings?: { readonly index?: { readonly default_pipeline?: string } };
    readonly mappings?: Mappings;
  };
}

interface Mappings {
  readonly properties?: Readonly<Record<string, object>>;
  readonly [key: string]: unknown;
}

async function simulate(client: ElasticsearchApi, template: string): Promise<Simulated['template']> {
  const { body } = await client.request<Simulated>({
    attempt: `resolving the index template ${template}`,
    method: 'POST',
    path: `/_index_template/_simulate/${encodeURIComponent(template)}`,
  });
  return body.template;
}

/** The data stream's own parts are fixed when an index is made; sending `data_stream.namespace` without its value would be a conflict. */
function toMappingUpdate(mappings: Mappings): Mappings {
  const { _data_stream_timestamp: _fixed, ...rest } = mappings;
  const { data_stream: _constant, ...properties } = rest.properties ?? {};
  return { ...rest, properties };
}

/** Brings the write index up to the template. */
async function upgrade(client: ElasticsearchApi, { name, writeIndex }: ExistingDataStream, template: Simulated['template']): Promise<Done> {
  const path = `/${encodeURIComponent(name)}`;
  const attempt = `updating the data stream ${name}`;
  const mapped = await client.request<{ readonly error?: { readonly reason?: string } }>({
    attempt,
    method: 'PUT',
    path: `${path}/_mapping`,
    query: { write_index_only: true },
    body: toMappingUpdate(template.mappings ?? {}),
    allow: [400],
  });
  if (mapped.status === 400) {
    await client.request({ attempt: `rolling over the data stream ${name}`, method: 'POST', path: `${path}/_rollover` });
    return { act: 'roll over', kind: 'data stream', name, reason: mapped.body.error?.reason ?? 'the mapping conflicts' };
  }
  const wanted = template.settings?.index?.default_pipeline;
  const current = (await readDefaultPipelines(client, name)).get(writeIndex);
  if (current !== wanted) {
    const body = { 'index.default_pipeline': wanted ?? null };
    await client.request({ attempt, method: 'PUT', path: `/${encodeURIComponent(writeIndex)}/_settings`, body });
  }
  return { act: 'update', kind: 'data stream', name };
}

/**
 * Brings the write indices of the templates' data streams up to the templates: mapping first, then default pipeline, so
 * that no document comes out of the new pipeline into the old mapping.
 */
export async function upgradeDataStreams(client: ElasticsearchApi, templates: readonly string[]): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const template of templates) {
    const existing = await readDataStreams(client, `${template}-*`);
    const resolved = existing.length === 0 ? {} : await simulate(client, template);
    for (const dataStream of existing) {
      done.push(await upgrade(client, dataStream, resolved));
    }
  }
  return done;
}
