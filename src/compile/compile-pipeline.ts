import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { toPipeline } from '../pipeline/elasticsearch/to-pipeline.ts';
import { renderYaml } from './render-yaml.ts';

/** Text of a data stream's `elasticsearch/ingest_pipeline/default.yml`. */
export function compilePipeline(stream: StreamDefinition, { name, version }: PackageDefinition): string {
  return `---\n${renderYaml(toPipeline(stream, { packageName: name, version }))}`;
}
