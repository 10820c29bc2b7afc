import type { PackageDefinition, SourceDefinition, StreamDefinition, Variable } from '../definition/definition.ts';
import { DefinitionError } from '../errors.ts';
import { compileCelProgram } from './compile-cel-program.ts';
import { toScopeKey } from './to-scope-key.ts';

/** Options of the input that a variable of this name sets, where it is declared. */
const inputOptions: Readonly<Record<string, string>> = {
  proxy_url: 'resource.proxy_url: {{proxy_url}}',
  ssl: 'resource.ssl: {{ssl}}',
  http_client_timeout: 'resource.timeout: {{http_client_timeout}}',
  enable_request_tracer: 'resource.tracer.filename: "../../logs/cel/http-request-trace-*.ndjson"\nresource.tracer.maxbackups: 5',
};

function renderOptional(name: string, text: string): string {
  return `{{#if ${name}}}\n${text}\n{{/if}}`;
}

function renderList(key: string, name: string, indent: string): string {
  return `${indent}${key}:\n{{#each ${name} as |value|}}\n${indent}  - {{value}}\n{{/each}}`;
}

/** Variables that choose between sources. */
function toChoices(sources: readonly SourceDefinition[]): readonly string[] {
  return [...new Set(sources.flatMap(({ when = {} }) => Object.keys(when)))];
}

function renderState(sources: readonly SourceDefinition[], declared: ReadonlyMap<string, Variable>, userAgent: string): string {
  const source = sources[0] as SourceDefinition;
  const fields = declared.get('fields');
  return [
    'state:',
    '  want_more: false',
    `  user_agent: ${userAgent}`,
    '  initial_interval: {{initial_interval}}',
    renderOptional('api_token', '  api_token: {{api_token}}'),
    renderOptional('auth_email', '  auth_email: {{auth_email}}'),
    renderOptional('auth_key', '  auth_key: {{auth_key}}'),
    source.scope === 'user' ? '  scopes: [user]' : renderList('scopes', toScopeKey(source), '  '),
    ...toChoices(sources).map((name) => `  ${name}: {{${name}}}`),
    ...(fields === undefined ? [] : [fields.multi ? renderList('fields', 'fields', '  ') : '  fields:\n    - {{fields}}']),
    'redact:',
    '  fields:',
    '    - api_token',
    '    - auth_key',
  ].join('\n');
}

/** What the program publishes only for the input: its cursor's carrier, and failures, which stand in the input's log and health. */
const ownProcessors = `processors:
  - drop_event:
      when:
        or:
          - equals:
              _conf.empty: true
          - has_fields:
              - error.message`;

const tags = `tags:
{{#if preserve_original_event}}
  - preserve_original_event
{{/if}}
{{#each tags as |tag|}}
  - {{tag}}
{{/each}}
{{#contains "forwarded" tags}}
publisher_pipeline.disable_host: true
{{/contains}}`;

/** The user's list of processors cannot be joined to ours, but it can be what a condition runs that holds for every event left. */
const userProcessors = `{{#if processors}}
  - if:
      has_fields:
        - message
    then: {{processors}}
{{/if}}`;

function renderProgram(program: string, stream: string): string {
  // Handlebars would take two opening braces for its own, wherever they stand.
  if (program.includes('{{')) {
    const hint = 'Handlebars would take them for its own: write the path and the query without.';
    throw new DefinitionError([{ file: `data_stream/${stream}/stream.yml`, path: 'sources[0]', message: 'two opening braces in the request', hint }]);
  }
  return `program: |\n${program.trimEnd().replaceAll(/^(?=.)/gm, '  ')}`;
}

/**
 * Text of a data stream's `agent/stream/cel.yml.hbs`, which Fleet renders for Elastic Agent; undefined where the stream has no source.
 * @throws DefinitionError for a request that Handlebars would misread
 */
export function compileAgentTemplate(stream: StreamDefinition, definition: PackageDefinition): string | undefined {
  if (stream.sources.length === 0) {
    return undefined;
  }
  const variables = [...definition.variables, ...stream.variables].filter((variable) => variable.for !== 'collector');
  const declared = new Map(variables.map((variable) => [variable.name, variable]));
  const options = Object.entries(inputOptions).filter(([name]) => declared.has(name));
  return `${[
    'config_version: 2',
    'interval: {{interval}}',
    'resource.url: {{api_url}}',
    ...options.map(([name, text]) => renderOptional(name, text)),
    renderState(stream.sources, declared, `cloudflare-integration/${definition.version}`),
    renderProgram(compileCelProgram(stream), stream.name),
    tags,
    ownProcessors,
    ...(declared.has('processors') ? [userProcessors] : []),
  ].join('\n')}\n`;
}
