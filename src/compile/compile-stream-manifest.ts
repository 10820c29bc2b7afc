import type { StreamDefinition } from '../definition/definition.ts';
import { compileVariables } from './compile-variables.ts';
import { toFieldLimit } from './field-limit.ts';

/** A data stream's `manifest.yml` as plain data; a stream without sources offers nothing to configure. */
export function compileStreamManifest(stream: StreamDefinition): object {
  const { title, description, enabled } = stream;
  const offered = {
    input: 'cel',
    template_path: 'cel.yml.hbs',
    title,
    description,
    ...(enabled === undefined ? {} : { enabled }),
    vars: compileVariables(stream.variables),
  };
  return {
    title,
    type: 'logs',
    ...(stream.sources.length === 0 ? {} : { streams: [offered] }),
    elasticsearch: { index_template: { settings: { index: { mapping: { total_fields: { limit: toFieldLimit(stream) } } } } } },
  };
}
