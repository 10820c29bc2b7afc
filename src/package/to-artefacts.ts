import { compileIndexTemplate } from '../compile/compile-index-template.ts';
import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { toPipeline } from '../pipeline/elasticsearch/to-pipeline.ts';
import type { Artefacts } from './artefacts.ts';
import { toStateTemplate } from './state-template.ts';

/** The calls that Fleet appends when it installs a package, so that a user's `@custom` pipelines run here as well. */
function toCustomCalls(packageName: string, stream: string): readonly object[] {
  const names = ['global@custom', 'logs@custom', `logs-${packageName}.integration@custom`, `logs-${packageName}.${stream}@custom`];
  return names.map((name) => ({ pipeline: { name, ignore_missing_pipeline: true, tag: `pipeline_${name.replaceAll(/[^a-z0-9]+/g, '_')}` } }));
}

function toInstalledPipeline(stream: StreamDefinition, definition: PackageDefinition): object {
  const pipeline = toPipeline(stream, { packageName: definition.name, version: definition.version });
  return { ...pipeline, processors: [...pipeline.processors, ...toCustomCalls(definition.name, stream.name)] };
}

/** Compiles what `install` puts into a cluster; at the edge there are no pipelines, and nothing names one. */
export function toArtefacts(definition: PackageDefinition, options: { readonly pipeline: 'server' | 'edge' }): Artefacts {
  const compiled = definition.streams.map((stream) => ({ stream, ...compileIndexTemplate(stream, definition, options) }));
  return {
    pipelines: Object.fromEntries(
      compiled.flatMap(({ stream, pipeline }) => (pipeline === undefined ? [] : [[pipeline, toInstalledPipeline(stream, definition)] as const])),
    ),
    componentTemplates: Object.fromEntries(compiled.flatMap(({ componentTemplates }) => componentTemplates.map(({ name, body }) => [name, body] as const))),
    indexTemplates: {
      ...Object.fromEntries(compiled.map(({ indexTemplate }) => [indexTemplate.name, indexTemplate.body] as const)),
      ...toStateTemplate(definition),
    },
  };
}
