import { ElasticsearchError } from '../errors.ts';
import { readDataStreams, readDefaultPipelines } from './data-streams.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import type { Done } from './install.ts';
import { readComponentTemplates, readIndexTemplates } from './installed.ts';
import { deletePipelines, readOwnPipelines } from './old-pipelines.ts';
import { toOwner } from './ownership.ts';
import { toStateIndexName } from './state-template.ts';

interface UninstallOptions {
  /** Delete the events as well. @default false */
  readonly deleteData?: boolean;
}

interface DeleteOptions {
  readonly kind: string;
  readonly path: string;
  readonly names: readonly string[];
}

async function deleteAll(client: ElasticsearchApi, { kind, path, names }: DeleteOptions): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const name of names) {
    await client.request({ attempt: `deleting the ${kind} ${name}`, method: 'DELETE', path: `/${path}/${encodeURIComponent(name)}`, allow: [404] });
    done.push({ act: 'delete', kind, name });
  }
  return done;
}

/** Elasticsearch keeps a template that data streams need; where its own `logs-*-*` template is there, they have another. */
async function deleteIndexTemplates(client: ElasticsearchApi, names: readonly string[]): Promise<readonly Done[]> {
  try {
    return await deleteAll(client, { kind: 'index template', path: '_index_template', names });
  } catch (error) {
    if (error instanceof ElasticsearchError && error.message.includes('in use by')) {
      throw new ElasticsearchError(error.message, {
        hint: 'The events need a template, and this Elasticsearch has no other for them: remove the events as well (--delete-data), or keep the package.',
      });
    }
    throw error;
  }
}

/** An index that is kept must not name a pipeline that is gone: it would refuse every later write. */
async function releasePipelines(client: ElasticsearchApi, pattern: string, pipelines: readonly string[]): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const [index, pipeline] of await readDefaultPipelines(client, pattern)) {
    if (pipelines.includes(pipeline)) {
      await client.request({
        attempt: `releasing ${index} from its pipeline`,
        method: 'PUT',
        path: `/${encodeURIComponent(index)}/_settings`,
        body: { 'index.default_pipeline': null },
      });
      done.push({ act: 'update', kind: 'index', name: index, reason: `names ${pipeline} no longer` });
    }
  }
  return done;
}

/** Without the events, what was collected of them says nothing. */
async function deleteStateIndex(client: ElasticsearchApi, names: readonly string[]): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const name of names) {
    const { status } = await client.request({ attempt: `deleting the index ${name}`, method: 'DELETE', path: `/${encodeURIComponent(name)}`, allow: [404] });
    if (status !== 404) done.push({ act: 'delete', kind: 'index', name });
  }
  return done;
}

/**
 * Takes out of a cluster what `install` put there, in every version: index templates, component templates, pipelines.
 * `@custom` ones, what Kibana's Fleet installed, the events and the shared state stay; events and state go only when asked.
 * @returns what was done, in order; empty where nothing was installed
 */
export async function uninstall(client: ElasticsearchApi, packageName: string, { deleteData = false }: UninstallOptions = {}): Promise<readonly Done[]> {
  const pattern = `logs-${packageName}.*`;
  const isOwn = ({ meta }: { readonly meta: Parameters<typeof toOwner>[0] }) => toOwner(meta, packageName) === 'us';
  const templates = (await readIndexTemplates(client, pattern)).filter(isOwn).map(({ name }) => name);
  const state = (await readIndexTemplates(client, toStateIndexName(packageName))).filter(isOwn).map(({ name }) => name);
  const components = (await readComponentTemplates(client, pattern)).filter(isOwn).map(({ name }) => name);
  const pipelines = await readOwnPipelines(client, packageName);
  const own = templates.map((name) => `${name}-*`).join(',');
  const data = deleteData && templates.length > 0 ? (await readDataStreams(client, own)).map(({ name }) => name) : [];
  return [
    ...(await deleteAll(client, { kind: 'data stream', path: '_data_stream', names: data })),
    ...(deleteData ? await deleteStateIndex(client, state) : []),
    ...(await deleteIndexTemplates(client, templates)),
    ...(await deleteAll(client, { kind: 'index template', path: '_index_template', names: state })),
    ...(await deleteAll(client, { kind: 'component template', path: '_component_template', names: components })),
    ...(pipelines.length === 0 ? [] : await releasePipelines(client, pattern, pipelines)),
    ...(await deletePipelines(client, pipelines)),
  ];
}
