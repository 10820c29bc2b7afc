import type { PackageDefinition, SourceDefinition, StreamDefinition, Variable } from '../definition/definition.ts';
import { listSentVariables } from '../definition/list-sent-variables.ts';
import { DefinitionError } from '../errors.ts';
import { compileCelProgram } from './compile-cel-program.ts';
import { toScopeKey } from './to-scope-key.ts';

/** Options of the input that a variable of this name sets, where it is declared and given. */
const inputOptions: Readonly<Record<string, string>> = {
  proxy_url: 'resource.proxy_url: {{escape_string proxy_url}}',
  ssl: 'resource.ssl: {{ssl}}',
  http_client_timeout: 'resource.timeout: {{http_client_timeout}}',
};

/** With `enabled` said always, the input removes what it once traced as soon as that is switched off: traces hold credentials. */
const tracer = `resource.tracer:
  enabled: {{enable_request_tracer}}
  filename: "../../logs/cel/http-request-trace-*.ndjson"
  maxbackups: 5`;

/**
 * Half of what Cloudflare allows one user, as in the collector: 1,200 requests in five minutes, and for Logpull 180 in one. Where a zone's own limit is
 * reached, the program waits as the answer says. The input would ask again five times by itself; of Logpull each time-out counts with Cloudflare, so there
 * the program alone decides, and asks for less.
 */
function renderPace({ records }: SourceDefinition): string {
  return records === 'ndjson' ? 'resource.rate_limit.limit: 1.5\nresource.retry.max_attempts: 1' : 'resource.rate_limit.limit: 2';
}

function renderOptional(name: string, text: string): string {
  return `{{#if ${name}}}\n${text}\n{{/if}}`;
}

/** Quoted, for an id may look like a number. */
function renderList(key: string, name: string, indent: string): string {
  return `${indent}${key}:\n{{#each ${name} as |value|}}\n${indent}  - {{escape_string value}}\n{{/each}}`;
}

/** Variables that choose between sources, or say how far back they reach. */
function toChoices(sources: readonly SourceDefinition[]): readonly string[] {
  return [
    ...new Set(sources.flatMap(({ when = {}, window }) => [...Object.keys(when), ...(window.retentionBy === undefined ? [] : [window.retentionBy.variable])])),
  ];
}

/** What the program hands on to the pipeline; false is a choice as well, and not left out. */
function renderSent(name: string, variable: Variable | undefined): string {
  const value = `  ${name}: {{${name}}}`;
  if (variable?.type === 'bool') return value;
  return renderOptional(name, variable?.multi ? renderList(name, name, '  ') : value);
}

function renderState(stream: StreamDefinition, declared: ReadonlyMap<string, Variable>, userAgent: string): string {
  const { sources } = stream;
  const source = sources[0] as SourceDefinition;
  const fields = declared.get('fields');
  return [
    'state:',
    '  want_more: false',
    `  user_agent: ${userAgent}`,
    '  initial_interval: {{initial_interval}}',
    renderOptional('api_token', '  api_token: {{escape_string api_token}}'),
    renderOptional('auth_email', '  auth_email: {{escape_string auth_email}}'),
    renderOptional('auth_key', '  auth_key: {{escape_string auth_key}}'),
    source.scope === 'user' ? '  scopes: [user]' : renderList('scopes', toScopeKey(source), '  '),
    ...toChoices(sources).map((name) => `  ${name}: {{${name}}}`),
    ...listSentVariables(stream).map((name) => renderSent(name, declared.get(name))),
    ...(fields === undefined ? [] : [fields.multi ? renderList('fields', 'fields', '  ') : '  fields:\n    - {{escape_string fields}}']),
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
{{#each tags as |tag|}}
  - {{tag}}
{{/each}}
{{#if preserve_original_event}}
  - preserve_original_event
{{/if}}
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
    'resource.url: {{escape_string api_url}}',
    ...options.map(([name, text]) => renderOptional(name, text)),
    renderPace(stream.sources[0] as SourceDefinition),
    ...(declared.has('enable_request_tracer') ? [tracer] : []),
    renderState(stream, declared, `cloudflare-integration/${definition.version}`),
    renderProgram(compileCelProgram(stream), stream.name),
    tags,
    ownProcessors,
    ...(declared.has('processors') ? [userProcessors] : []),
  ].join('\n')}\n`;
}
