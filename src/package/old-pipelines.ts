import { readDefaultPipelines } from './data-streams.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import type { Done } from './install.ts';
import { readPipelines } from './installed.ts';
import { toOwner } from './ownership.ts';
import { parsePipelineName } from './pipeline-name.ts';

const KIND = 'ingest pipeline';
const IN_USE = 'an index still names it';

/** Lists the pipelines that this program installed, of any version, sorted by name. */
export async function readOwnPipelines(client: ElasticsearchApi, packageName: string): Promise<readonly string[]> {
  const found = await readPipelines(client, `logs-${packageName}.*`);
  const own = found.filter(({ name, meta }) => toOwner(meta, packageName) === 'us' && parsePipelineName(packageName, name) !== undefined);
  return own.map(({ name }) => name).toSorted();
}

/** Deletes pipelines; one that Elasticsearch refuses to delete, since an index anywhere still names it, is kept. */
export async function deletePipelines(client: ElasticsearchApi, names: readonly string[]): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const name of names) {
    const path = `/_ingest/pipeline/${encodeURIComponent(name)}`;
    const { status } = await client.request({ attempt: `deleting the ${KIND} ${name}`, method: 'DELETE', path, allow: [400, 404] });
    done.push(status === 400 ? { act: 'keep', kind: KIND, name, reason: IN_USE } : { act: 'delete', kind: KIND, name });
  }
  return done;
}

/** Deletes the own pipelines that are not among `current`; one that an index still names is kept until that index is gone. */
export async function removeOldPipelines(client: ElasticsearchApi, packageName: string, current: ReadonlySet<string>): Promise<readonly Done[]> {
  const old = (await readOwnPipelines(client, packageName)).filter((name) => !current.has(name));
  const used = new Set(old.length === 0 ? [] : (await readDefaultPipelines(client, `logs-${packageName}.*`)).values());
  const kept = old.filter((name) => used.has(name)).map((name) => ({ act: 'keep', kind: KIND, name, reason: IN_USE }) as const);
  const unused = old.filter((name) => !used.has(name));
  return [...(await deletePipelines(client, unused)), ...kept];
}
