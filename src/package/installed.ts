import type { ElasticsearchApi } from './elasticsearch-api.ts';
import type { Meta } from './ownership.ts';

/** An ingest pipeline in the cluster, as far as it tells whose it is. */
export interface InstalledPipeline {
  readonly name: string;
  readonly meta: Meta | undefined;
}

/** A composable index template in the cluster. */
export interface InstalledIndexTemplate {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly priority: number;
  readonly composedOf: readonly string[];
  readonly dataStream: boolean;
  readonly defaultPipeline: string | undefined;
  readonly meta: Meta | undefined;
}

/** A component template in the cluster. */
export interface InstalledComponentTemplate {
  readonly name: string;
  readonly defaultPipeline: string | undefined;
  readonly meta: Meta | undefined;
}

interface TemplateBody {
  readonly settings?: { readonly index?: { readonly default_pipeline?: string } };
}

interface IndexTemplates {
  readonly index_templates?: readonly {
    readonly name: string;
    readonly index_template: {
      readonly index_patterns: string | readonly string[];
      readonly priority?: number;
      readonly composed_of?: readonly string[];
      readonly data_stream?: object;
      readonly template?: TemplateBody;
      readonly _meta?: Meta;
    };
  }[];
}

interface ComponentTemplates {
  readonly component_templates?: readonly {
    readonly name: string;
    /** Absent where nothing of it was asked for. */
    readonly component_template?: { readonly template?: TemplateBody; readonly _meta?: Meta };
  }[];
}

const SETTING = 'template.settings.index.default_pipeline';

/** Reads the ingest pipelines whose name matches. */
export async function readPipelines(client: ElasticsearchApi, pattern: string): Promise<readonly InstalledPipeline[]> {
  const { status, body } = await client.request<Record<string, { readonly _meta?: Meta }>>({
    attempt: 'reading the ingest pipelines',
    method: 'GET',
    path: `/_ingest/pipeline/${encodeURIComponent(pattern)}`,
    allow: [404],
  });
  return status === 404 ? [] : Object.entries(body).map(([name, { _meta: meta }]) => ({ name, meta }));
}

/** Reads the index templates whose name matches, without their mappings. */
export async function readIndexTemplates(client: ElasticsearchApi, pattern: string): Promise<readonly InstalledIndexTemplate[]> {
  const inside = ['index_patterns', 'priority', 'composed_of', 'data_stream', '_meta', SETTING];
  const { status, body } = await client.request<IndexTemplates>({
    attempt: 'reading the index templates',
    method: 'GET',
    path: `/_index_template/${encodeURIComponent(pattern)}`,
    query: { filter_path: ['index_templates.name', ...inside.map((key) => `index_templates.index_template.${key}`)].join(',') },
    allow: [404],
  });
  return (status === 404 ? [] : (body.index_templates ?? [])).map(({ name, index_template: template }) => ({
    name,
    patterns: typeof template.index_patterns === 'string' ? [template.index_patterns] : template.index_patterns,
    priority: template.priority ?? 0,
    composedOf: template.composed_of ?? [],
    dataStream: template.data_stream !== undefined,
    defaultPipeline: template.template?.settings?.index?.default_pipeline,
    meta: template._meta,
  }));
}

/** Reads the component templates whose name matches, without their mappings. */
export async function readComponentTemplates(client: ElasticsearchApi, pattern: string): Promise<readonly InstalledComponentTemplate[]> {
  const { status, body } = await client.request<ComponentTemplates>({
    attempt: 'reading the component templates',
    method: 'GET',
    path: `/_component_template/${encodeURIComponent(pattern)}`,
    query: { filter_path: ['component_templates.name', ...['_meta', SETTING].map((key) => `component_templates.component_template.${key}`)].join(',') },
    allow: [404],
  });
  return (status === 404 ? [] : (body.component_templates ?? [])).map(({ name, component_template: template }) => ({
    name,
    defaultPipeline: template?.template?.settings?.index?.default_pipeline,
    meta: template?._meta,
  }));
}
