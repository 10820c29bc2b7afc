import type { Artefacts, PackageIdentity } from './artefacts.ts';
import { checkOwner } from './check-owner.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import { removeOldPipelines } from './old-pipelines.ts';
import { toOwned } from './ownership.ts';
import { upgradeDataStreams } from './upgrade-data-stream.ts';

/** One thing that was done, in order. */
export interface Done {
  readonly act: 'put' | 'update' | 'roll over' | 'delete' | 'keep';
  /** E.g. `index template`. */
  readonly kind: string;
  readonly name: string;
  /** Why, where it is not plain. */
  readonly reason?: string;
}

interface PutOptions {
  readonly kind: string;
  readonly path: string;
  readonly bodies: Readonly<Record<string, object>>;
}

async function putAll(client: ElasticsearchApi, identity: PackageIdentity, { kind, path, bodies }: PutOptions): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const [name, body] of Object.entries(bodies)) {
    await client.request({
      attempt: `installing the ${kind} ${name}`,
      method: 'PUT',
      path: `/${path}/${encodeURIComponent(name)}`,
      body: toOwned(body, identity),
    });
    done.push({ act: 'put', kind, name });
  }
  return done;
}

function toDataStreamTemplates(templates: Artefacts['indexTemplates']): readonly string[] {
  return Object.entries(templates).flatMap(([name, body]) => ('data_stream' in body ? [name] : []));
}

/**
 * Puts the compiled artefacts into a cluster: pipelines, component templates, index templates; then what exists of the
 * data streams is brought up to them, with a rollover only where a mapping conflicts; last go the pipelines of other
 * versions that no index names. Doing it again changes nothing.
 *
 * A failure half-way leaves the old version in use: pipelines carry their version in the name, and a data stream's write
 * index keeps its mapping and its pipeline until its own turn comes. Installing again goes on from there. `@custom`
 * templates and pipelines are never written.
 * @returns what was done, in order
 * @throws ElasticsearchError before anything is written where a name is taken by somebody else, and for every refusal
 */
export async function install(client: ElasticsearchApi, artefacts: Artefacts, identity: PackageIdentity): Promise<readonly Done[]> {
  await checkOwner(client, artefacts, identity.name);
  const { pipelines, componentTemplates, indexTemplates } = artefacts;
  return [
    ...(await putAll(client, identity, { kind: 'ingest pipeline', path: '_ingest/pipeline', bodies: pipelines })),
    ...(await putAll(client, identity, { kind: 'component template', path: '_component_template', bodies: componentTemplates })),
    ...(await putAll(client, identity, { kind: 'index template', path: '_index_template', bodies: indexTemplates })),
    ...(await upgradeDataStreams(client, toDataStreamTemplates(indexTemplates))),
    ...(await removeOldPipelines(client, identity.name, new Set(Object.keys(pipelines)))),
  ];
}
