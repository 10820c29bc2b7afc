import { toNearestTypes } from '../../_dev/elasticsearch/to-nearest-types.ts';
import type { Artefacts } from '../../src/package/artefacts.ts';

interface MadeOptions {
  readonly package: string;
  readonly version: string;
  /** Type of the field `n`. */
  readonly type?: string;
  readonly pipeline?: 'server' | 'edge';
  readonly fields?: Readonly<Record<string, object>>;
}

/** Small artefacts of a package with the one stream `s`: its pipeline writes its version into `v`. At the edge the engine needs no processors. */
export function makeArtefacts({ package: name, version, type = 'keyword', pipeline = 'server', fields = {} }: MadeOptions): Artefacts {
  const template = `logs-${name}.s`;
  const constants = { properties: { namespace: { type: 'constant_keyword' } } };
  const settings = pipeline === 'server' ? { index: { default_pipeline: `${template}-${version}` } } : {};
  const mappings = { properties: { '@timestamp': { type: 'date' }, n: { type }, v: { type: 'keyword' }, data_stream: constants, ...fields } };
  return {
    pipelines: pipeline === 'server' ? { [`${template}-${version}`]: { processors: [{ set: { field: 'v', value: version } }] } } : {},
    componentTemplates: { [`${template}@package`]: { template: { settings, mappings } } },
    indexTemplates: {
      [template]: {
        index_patterns: [`${template}-*`],
        data_stream: {},
        priority: 200,
        composed_of: [`${template}@package`, `${template}@custom`],
        ignore_missing_component_templates: [`${template}@custom`],
      },
    },
  };
}

/** The same artefacts for an engine that lacks field types: each is replaced by its nearest kin. */
export function fitArtefacts(artefacts: Artefacts, missingFieldTypes: readonly string[]): Artefacts {
  const toFitting = (body: object): object => {
    const { template } = body as { readonly template: { readonly mappings: Parameters<typeof toNearestTypes>[0] } };
    return { ...body, template: { ...template, mappings: toNearestTypes(template.mappings, missingFieldTypes) } };
  };
  return { ...artefacts, componentTemplates: Object.fromEntries(Object.entries(artefacts.componentTemplates).map(([name, body]) => [name, toFitting(body)])) };
}
