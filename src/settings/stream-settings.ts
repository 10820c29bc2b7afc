import { RESOLVE_MEMBERS } from '../definition/check-members.ts';
import type { PackageDefinition, StreamDefinition, Variable, VariableValue } from '../definition/definition.ts';
import { parseDuration } from '../definition/duration.ts';
import { listSentVariables } from '../definition/list-sent-variables.ts';
import { toAllScopes } from './all-scopes.ts';
import type { CloudflareCredential, StreamSettings } from './settings.ts';
import { toList } from './to-list.ts';
import type { Report } from './to-settings.ts';

type Values = Readonly<Record<string, unknown>>;

interface StreamContext {
  readonly definition: PackageDefinition;
  /** Of the connection. */
  readonly credential: CloudflareCredential;
  readonly report: Report;
}

/** What a connection collects of one stream; missing and meaningless values are reported below `.streams.NAME`. */
export function toStreamSettings(name: string, given: Values, { definition, credential, report }: StreamContext): StreamSettings {
  const stream = definition.streams.find((candidate) => candidate.name === name);
  if (stream === undefined) throw new Error(`the settings schema let the stream ${name} through`);
  const at: Report = (path, ...rest) => report(`.streams.${name}${path}`, ...rest);
  const values = withDefaults(stream.variables, given);
  reportMissing(stream.variables, values, at);
  const all = toAllScopes(stream.variables, values, { credential, report: at });
  return {
    stream: name,
    ...(all === undefined ? { scopeIds: [...new Set([...toList(values.account_id), ...toList(values.zone_id)])] } : { scopeIds: [], all }),
    intervalMs: duration('interval', values, at),
    initialIntervalMs: duration('initial_interval', values, at),
    fields: toFields(stream, toList(values.fields), at),
    choices: toChoices(stream, values),
    ...(values[RESOLVE_MEMBERS] === true ? { resolveMembers: true } : {}),
    tags: toTags(values),
    sent: toSent(stream, values),
  };
}

function withDefaults(variables: readonly Variable[], given: Values): Values {
  return { ...Object.fromEntries(variables.map((variable) => [variable.name, variable.default])), ...given };
}

function reportMissing(variables: readonly Variable[], values: Values, report: Report): void {
  for (const variable of variables) {
    const value = values[variable.name];
    const missing = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (variable.for !== 'agent' && variable.required && missing) report('', `${variable.name} is missing`, `Add ${variable.name}: ${variable.description}`);
  }
}

function duration(name: string, values: Values, report: Report): number {
  const text = values[name];
  if (text === undefined) return 0;
  const parsed = parseDuration(String(text));
  if (!parsed) report(`.${name}`, 'the duration must be longer than nothing', 'Write 30s, 5m, 24h or 7d.');
  return parsed ?? 0;
}

/** Names to ask Cloudflare for: presets resolved; what makes the id and the time is always among them. */
function toFields(stream: StreamDefinition, given: readonly string[], report: Report): readonly string[] {
  if (given.length === 0) return [];
  const names = given.flatMap((name) => stream.presets[name] ?? [name]);
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      report(
        '.fields',
        `${JSON.stringify(name)} is no field name`,
        `Use one of the presets ${Object.keys(stream.presets).join(', ')}, or names such as ClientIP.`,
      );
    }
  }
  const always = stream.sources.flatMap((source) => [...source.id, source.time]);
  return [...new Set([...names, ...always])];
}

function toChoices({ variables }: StreamDefinition, values: Values): Readonly<Record<string, string>> {
  const selects = variables.filter(({ name, type }) => type === 'select' && values[name] !== undefined);
  return Object.fromEntries(selects.map(({ name }) => [name, String(values[name])]));
}

function toSent(stream: StreamDefinition, values: Values): Readonly<Record<string, VariableValue>> {
  const defaults = Object.fromEntries(stream.drops.map(({ variable, byDefault }) => [variable, byDefault]));
  const given = listSentVariables(stream).filter((name) => values[name] !== undefined);
  return { ...defaults, ...Object.fromEntries(given.map((name) => [name, values[name] as VariableValue])) };
}

function toTags(values: Values): readonly string[] {
  const tags = toList(values.tags);
  return values.preserve_original_event === true ? [...new Set([...tags, 'preserve_original_event'])] : tags;
}
