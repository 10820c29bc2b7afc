import { ElasticsearchError } from '../errors.ts';
import type { Artefacts } from './artefacts.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import { readComponentTemplates, readIndexTemplates, readPipelines } from './installed.ts';
import { type Meta, toOwner } from './ownership.ts';
import { toStateIndexName } from './state-template.ts';

interface Found {
  readonly kind: string;
  readonly name: string;
  readonly meta: Meta | undefined;
}

async function readFound(client: ElasticsearchApi, packageName: string): Promise<readonly Found[]> {
  const pattern = `logs-${packageName}.*`;
  const [pipelines, components, templates, state] = await Promise.all([
    readPipelines(client, pattern),
    readComponentTemplates(client, pattern),
    readIndexTemplates(client, pattern),
    readIndexTemplates(client, toStateIndexName(packageName)),
  ]);
  return [
    ...pipelines.map(({ name, meta }) => ({ kind: 'ingest pipeline', name, meta })),
    ...components.map(({ name, meta }) => ({ kind: 'component template', name, meta })),
    ...[...templates, ...state].map(({ name, meta }) => ({ kind: 'index template', name, meta })),
  ];
}

/**
 * Checks that nothing about to be written belongs to somebody else: Kibana's Fleet, or a person.
 * @throws ElasticsearchError that names every such template and pipeline
 */
export async function checkOwner(client: ElasticsearchApi, artefacts: Artefacts, packageName: string): Promise<void> {
  const names = new Set([artefacts.pipelines, artefacts.componentTemplates, artefacts.indexTemplates].flatMap((bodies) => Object.keys(bodies)));
  const found = (await readFound(client, packageName)).filter(({ name }) => names.has(name));
  const foreign = found.filter(({ meta }) => toOwner(meta, packageName) !== 'us');
  if (foreign.length === 0) {
    return;
  }
  const list = foreign.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const fleet = foreign.every(({ meta }) => toOwner(meta, packageName) === 'fleet');
  throw new ElasticsearchError(`installing ${packageName}: ${fleet ? "Kibana's Fleet" : 'somebody else'} has put there ${list}`, {
    hint: fleet
      ? `The package is installed through Kibana: upgrade it there with \`install --kibana URL\`, or uninstall it in Kibana under Integrations first.`
      : 'Nothing was changed. Rename or delete what is named, then install again.',
  });
}
