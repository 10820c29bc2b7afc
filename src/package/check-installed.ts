import { NotInstalledError } from '../errors.ts';
import type { PackageIdentity } from './artefacts.ts';
import { readDataStreams, readDefaultPipelines } from './data-streams.ts';
import type { ElasticsearchApi } from './elasticsearch-api.ts';
import { type InstalledComponentTemplate, type InstalledIndexTemplate, readComponentTemplates, readIndexTemplates, readPipelines } from './installed.ts';
import { toOwner } from './ownership.ts';
import { isKnownVersion, parsePipelineName } from './pipeline-name.ts';
import { toStateIndexName } from './state-template.ts';

interface CheckOptions {
  readonly package: PackageIdentity;
  readonly pipeline: 'server' | 'edge';
  /** The data streams about to be written to. */
  readonly targets: readonly { readonly stream: string; readonly namespace: string }[];
  /** The state is kept in Elasticsearch. @default false */
  readonly stateIndex?: boolean;
}

const INSTALL =
  'Run `cloudflare-integration install` with these settings, as a user who may manage index templates and ingest pipelines; with Kibana, `install --kibana URL`.';

function isMatch(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** Elasticsearch takes the matching template with the highest priority. */
function toEffective(templates: readonly InstalledIndexTemplate[], dataStream: string): InstalledIndexTemplate | undefined {
  const matching = templates.filter(({ patterns }) => patterns.some((pattern) => isMatch(pattern, dataStream)));
  return matching.toSorted((a, b) => b.priority - a.priority)[0];
}

/** The template's own setting wins over its components', a later component over an earlier one. */
function toDefaultPipeline(template: InstalledIndexTemplate, components: readonly InstalledComponentTemplate[]): string | undefined {
  const byName = new Map(components.map(({ name, defaultPipeline }) => [name, defaultPipeline]));
  return [...template.composedOf.map((name) => byName.get(name)), template.defaultPipeline].filter((name) => name !== undefined).at(-1);
}

function checkTemplate(dataStream: string, template: InstalledIndexTemplate | undefined, packageName: string): InstalledIndexTemplate {
  if (template === undefined) {
    throw new NotInstalledError(`${dataStream}: no index template is installed for it`, { hint: INSTALL });
  }
  if (toOwner(template.meta, packageName) === 'other' || !template.dataStream) {
    const own = dataStream.startsWith(`${template.name}-`) || template.patterns.includes('logs-*-*');
    throw new NotInstalledError(`${dataStream}: the index template that applies, ${template.name}, is not that of ${packageName}`, {
      hint: own ? INSTALL : `Lower the priority of ${template.name} or narrow its patterns. ${INSTALL}`,
    });
  }
  return template;
}

async function checkPipeline(client: ElasticsearchApi, dataStream: string, name: string | undefined, identity: PackageIdentity): Promise<void> {
  const parsed = name === undefined ? undefined : parsePipelineName(identity.name, name);
  if (name === undefined || parsed === undefined || !dataStream.startsWith(`logs-${identity.name}.${parsed.stream}-`)) {
    const found = name === undefined || name === '_none' ? 'it has no default pipeline' : `its default pipeline ${name} is not that of ${identity.name}`;
    throw new NotInstalledError(`${dataStream}: ${found}`, { hint: `${INSTALL} For an Elasticsearch that has none, set elasticsearch.pipeline: edge.` });
  }
  if (!isKnownVersion(parsed.version, identity.version)) {
    throw new NotInstalledError(
      `${dataStream}: its default pipeline ${name} is of version ${parsed.version}, which this program, ${identity.version}, does not know`,
      {
        hint: `Update this program to ${parsed.version} or newer, or install its own version again.`,
      },
    );
  }
  const [pipeline] = await readPipelines(client, name);
  if (pipeline === undefined || toOwner(pipeline.meta, identity.name) === 'other') {
    throw new NotInstalledError(
      `${dataStream}: its default pipeline ${name} ${pipeline === undefined ? 'does not exist' : `was not installed by ${identity.name}`}`,
      { hint: INSTALL },
    );
  }
}

function checkStateTemplate(templates: readonly InstalledIndexTemplate[], packageName: string): void {
  const index = toStateIndexName(packageName);
  if (toOwner(toEffective(templates, index)?.meta, packageName) === 'other') {
    throw new NotInstalledError(`${index}: the index template for the state is not installed, or another one comes before it`, { hint: INSTALL });
  }
}

/**
 * Checks, before the first write, that each data stream would be made by the package's own index template - installed by
 * this program or through Kibana - and, where Elasticsearch maps the events, that its default pipeline exists, is the
 * package's and of a version that is known: the same major version, not newer. Of a data stream that exists already, the
 * pipeline of its write index is checked as well. Where the state is kept in Elasticsearch, so is its template. Only reads, with what the role for collecting may.
 * @throws NotInstalledError for the first data stream that is not ready
 */
export async function checkInstalled(client: ElasticsearchApi, options: CheckOptions): Promise<void> {
  const identity = options.package;
  const [templates, components] = await Promise.all([readIndexTemplates(client, '*'), readComponentTemplates(client, '*')]);
  if (options.stateIndex === true) checkStateTemplate(templates, identity.name);
  for (const { stream, namespace } of options.targets) {
    const dataStream = `logs-${identity.name}.${stream}-${namespace}`;
    const template = checkTemplate(dataStream, toEffective(templates, dataStream), identity.name);
    if (options.pipeline === 'server') {
      await checkPipeline(client, dataStream, toDefaultPipeline(template, components), identity);
      const [existing] = await readDataStreams(client, dataStream);
      if (existing !== undefined) {
        await checkPipeline(client, dataStream, (await readDefaultPipelines(client, dataStream)).get(existing.writeIndex), identity);
      }
    }
  }
}
