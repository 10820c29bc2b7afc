import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { compileFields } from './compile-fields.ts';
import { compileMappings } from './compile-mappings.ts';
import { toFieldLimit } from './field-limit.ts';

/** An Elasticsearch object: its name and the body that creates it. */
export interface NamedBody {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What Elasticsearch needs to make a data stream on its first write. */
export interface CompiledIndexTemplate {
  readonly indexTemplate: NamedBody;
  /** What belongs to the package; to be put before the index template. The user's `@custom` ones are only referenced. */
  readonly componentTemplates: readonly NamedBody[];
  /** Name of the ingest pipeline that the data stream runs by default; undefined at the edge. */
  readonly pipeline: string | undefined;
}

/** Above Elastic's own `logs-*-*`, the same as Fleet's. */
const PRIORITY = 200;

/** Name of the data stream's templates, and of its pipelines without version: `logs-PACKAGE.STREAM`. */
export function toTemplateName({ name }: StreamDefinition, definition: PackageDefinition): string {
  return `logs-${definition.name}.${name}`;
}

/** Name of the data stream's ingest pipeline; it carries the version, so that an upgrade can put the new one beside the old one. */
export function toPipelineName(stream: StreamDefinition, definition: PackageDefinition): string {
  return `${toTemplateName(stream, definition)}-${definition.version}`;
}

function compileSettings(stream: StreamDefinition, pipeline: string | undefined): object {
  return {
    index: {
      ...(pipeline === undefined ? {} : { default_pipeline: pipeline }),
      mapping: { total_fields: { limit: toFieldLimit(stream), ignore_dynamic_beyond_limit: true } },
    },
  };
}

/**
 * The index template and component templates of a data stream under Fleet's names, for an Elasticsearch without Kibana. Elastic's `logs@mappings`, `logs@settings`
 * and `ecs@mappings` are used where the cluster has them; `logs@custom`, `PACKAGE@custom` and `logs-PACKAGE.STREAM@custom` override ours where they exist.
 * With `pipeline: 'edge'` no ingest pipeline is named.
 */
export function compileIndexTemplate(
  stream: StreamDefinition,
  definition: PackageDefinition,
  options: { readonly pipeline: 'server' | 'edge' },
): CompiledIndexTemplate {
  const name = toTemplateName(stream, definition);
  const pipeline = options.pipeline === 'server' ? toPipelineName(stream, definition) : undefined;
  const meta = { package: { name: definition.name, version: definition.version }, managed_by: 'cloudflare-integration', managed: true };
  const { base, ecs, own } = compileFields(stream, definition);
  const packageTemplate = `${name}@package`;
  const optional = ['logs@custom', `${definition.name}@custom`, `${name}@custom`];
  const elastic = ['logs@mappings', 'logs@settings', 'ecs@mappings'];
  return {
    pipeline,
    componentTemplates: [
      {
        name: packageTemplate,
        body: {
          template: { settings: compileSettings(stream, pipeline), mappings: { _meta: meta, ...compileMappings([...base, ...ecs, ...own]) } },
          _meta: meta,
        },
      },
    ],
    indexTemplate: {
      name,
      body: {
        index_patterns: [`${name}-*`],
        data_stream: { hidden: false },
        priority: PRIORITY,
        composed_of: ['logs@mappings', 'logs@settings', packageTemplate, ...optional, 'ecs@mappings'],
        ignore_missing_component_templates: [...elastic, ...optional],
        _meta: meta,
      },
    },
  };
}
