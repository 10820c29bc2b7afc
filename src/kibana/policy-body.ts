import { dump } from 'js-yaml';
import type { FormInput, FormVariable, PackageForm } from './fetch-form.ts';
import { toSecretNames } from './form-secrets.ts';
import type { StoredPolicy } from './list-policies.ts';
import type { FormValues } from './package-policy.ts';

/** What creates or replaces an integration policy, in Fleet's simplified format. */
export interface PolicyBody {
  readonly name: string;
  readonly description?: string;
  readonly namespace: string;
  readonly policy_ids: readonly string[];
  readonly package: { readonly name: string; readonly version: string };
  readonly vars: FormValues;
  readonly inputs: Readonly<Record<string, PolicyInput>>;
}

/** An input of a policy, and its data streams by dataset. */
export interface PolicyInput {
  readonly enabled: boolean;
  readonly vars?: FormValues;
  readonly streams: Readonly<Record<string, { readonly enabled: boolean; readonly vars?: FormValues }>>;
}

/** A connection as a settings file has it. */
export interface GivenConnection {
  readonly name: string;
  readonly namespace?: string;
  readonly streams?: Readonly<Record<string, FormValues | null>>;
  readonly [variable: string]: unknown;
}

/** The policy of a connection: its streams switched on with the given values, everything else of the form switched off. */
export function toPolicyBody(form: PackageForm, connection: GivenConnection, agentPolicyIds: readonly string[]): PolicyBody {
  const { name, namespace = 'default', streams = {} } = connection;
  const values = new Map(Object.entries(streams).map(([stream, given]) => [`${form.name}.${stream}`, given ?? {}]));
  return {
    name,
    namespace,
    policy_ids: agentPolicyIds,
    package: { name: form.name, version: form.version },
    vars: pick(form.variables, connection),
    inputs: Object.fromEntries(form.inputs.map((input) => [input.key, toInput(input, connection, pickStreams(form, input, values))])),
  };
}

/** A stream belongs to one input: to the first that has it switched on by default, or else to the first that has it. */
function pickStreams(form: PackageForm, input: FormInput, values: ReadonlyMap<string, FormValues>): ReadonlyMap<string, FormValues> {
  return new Map([...values].filter(([dataset]) => findInput(form, dataset)?.key === input.key));
}

function findInput({ inputs }: PackageForm, dataset: string): FormInput | undefined {
  const having = inputs.filter((input) => input.streams.some((stream) => stream.dataset === dataset));
  return having.find((input) => input.streams.some((stream) => stream.dataset === dataset && stream.enabled)) ?? having[0];
}

function toInput(input: FormInput, connection: GivenConnection, chosen: ReadonlyMap<string, FormValues>): PolicyInput {
  const streams = input.streams.map(({ dataset, variables }) => {
    const values = chosen.get(dataset);
    return [dataset, values === undefined ? { enabled: false } : { enabled: true, vars: pick(variables, values) }] as const;
  });
  if (chosen.size === 0) return { enabled: false, streams: Object.fromEntries(streams) };
  return { enabled: true, vars: pick(input.variables, connection), streams: Object.fromEntries(streams) };
}

/** The given values of these variables, as their controls hold them. */
function pick(variables: readonly FormVariable[], given: FormValues): FormValues {
  const named = variables.filter(({ name }) => given[name] !== undefined && given[name] !== null);
  return Object.fromEntries(named.map((variable) => [variable.name, toValue(variable, given[variable.name])]));
}

function toValue({ multi, type }: FormVariable, value: unknown): unknown {
  if (type === 'yaml') return typeof value === 'string' ? value : dump(value).trimEnd();
  if (multi) return Array.isArray(value) ? value.map(String) : [String(value)];
  if (Array.isArray(value)) return value.join(', ');
  return value;
}

/** What a connection sets and its policy has not, e.g. `rate_budget`: variables that only the collector has. */
export function findLeftOut(form: PackageForm, { name, namespace, streams = {}, ...values }: GivenConnection, body: PolicyBody): readonly string[] {
  const inputs = Object.values(body.inputs);
  const taken = new Set([body.vars, ...inputs.map(({ vars }) => vars ?? {})].flatMap(Object.keys));
  const own = Object.keys(values).filter((key) => values[key] !== undefined && values[key] !== null && !taken.has(key));
  const ofStreams = Object.entries(streams).flatMap(([stream, given]) => {
    const vars = inputs.flatMap((input) => Object.keys(input.streams[`${form.name}.${stream}`]?.vars ?? {}));
    return Object.keys(given ?? {}).filter((key) => !vars.includes(key));
  });
  return [...own, ...ofStreams];
}

/** A stored policy for another version of its package: values of variables that the form still has, and nothing switched on that was not. */
export function toUpgradedBody(form: PackageForm, stored: StoredPolicy): PolicyBody {
  const keep = (variables: readonly FormVariable[], values: FormValues = {}): FormValues =>
    Object.fromEntries(variables.filter(({ name }) => values[name] !== undefined).map(({ name }) => [name, values[name]]));
  const inputs = form.inputs.map(({ key, streams, variables }) => {
    const was = stored.inputs?.[key];
    const kept = streams.map(({ dataset, variables: own }) => {
      const stream = was?.streams?.[dataset];
      return [dataset, { enabled: stream?.enabled === true, vars: keep(own, stream?.vars) }] as const;
    });
    return [key, { enabled: was?.enabled === true, vars: keep(variables, was?.vars), streams: Object.fromEntries(kept) }] as const;
  });
  return {
    name: stored.name,
    ...(stored.description === undefined ? {} : { description: stored.description }),
    namespace: stored.namespace ?? '',
    policy_ids: stored.policy_ids ?? [],
    package: { name: form.name, version: form.version },
    vars: keep(form.variables, stored.vars),
    inputs: Object.fromEntries(inputs),
  };
}

/** Where a stored policy has not what a body would give it, e.g. `audit.interval`; secrets are not compared. */
export function findDifferences(form: PackageForm, body: PolicyBody, stored: StoredPolicy): readonly string[] {
  const secrets = toSecretNames(form);
  const differing = (place: string, wanted: FormValues = {}, had: FormValues = {}): readonly string[] =>
    Object.keys(wanted)
      .filter((name) => !secrets.has(name) && !isSame(wanted[name], had[name]))
      .map((name) => `${place}${name}`);
  const inputs = Object.entries(body.inputs).flatMap(([key, input]) => {
    const was = stored.inputs?.[key];
    const streams = Object.entries(input.streams).flatMap(([dataset, stream]) => {
      const had = was?.streams?.[dataset];
      const place = dataset.slice(form.name.length + 1);
      const isOn = had?.enabled === true && was?.enabled === true;
      return stream.enabled === isOn ? differing(`${place}.`, stream.vars, had?.vars) : [place];
    });
    return [...differing('', input.vars, was?.vars), ...streams];
  });
  return [
    ...(body.namespace === stored.namespace ? [] : ['namespace']),
    ...(isSame(body.policy_ids, stored.policy_ids ?? []) ? [] : ['agent policy']),
    ...differing('', body.vars, stored.vars),
    ...inputs,
  ];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
