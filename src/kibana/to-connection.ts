import type { PackageDefinition, Variable } from '../definition/definition.ts';
import { type Fault, PolicyError } from '../errors.ts';
import type { FormValues, PackagePolicy } from './package-policy.ts';
import { toConnectionName, toPlace, toSecretName } from './policy-names.ts';
import { readFormSsl } from './read-form-ssl.ts';

/** A connection as a person would type it into the settings file; nothing of its values is checked yet. */
export interface TypedConnection {
  readonly connection: Readonly<Record<string, unknown>>;
  /** What the collector does not do as the form says, a sentence each. */
  readonly notes: readonly string[];
  /** What Kibana shows in place of each secret that it hides, by name: another one is another secret. */
  readonly secrets: FormValues;
}

/** What a form's values are read with. */
export interface FormContext {
  readonly definition: PackageDefinition;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the agent policy, where the policy has none of its own. @default default */
  readonly namespace?: string | undefined;
}

/**
 * The connection that an integration policy asks for. A secret that Kibana hides, or that nobody typed in, comes from the environment.
 * @throws PolicyError with every value that cannot be read
 */
export function toConnection(policy: PackagePolicy, context: FormContext): TypedConnection {
  const { definition, namespace = 'default' } = context;
  const reading: Reading = { policy, env: context.env, of: '', faults: [], notes: toVersionNotes(policy, definition) };
  const variables = read(policy.variables, definition.variables, reading);
  const streams = policy.streams.map(({ dataset, variables: given }) => {
    const name = dataset.replace(`${definition.name}.`, '');
    const declared = definition.streams.find((stream) => stream.name === name)?.variables ?? [];
    return [name, read(given, declared, { ...reading, of: ` of ${name}` })];
  });
  if (reading.faults.length > 0) throw new PolicyError(reading.faults);
  const named = { name: toConnectionName(policy.name), namespace: policy.namespace === '' ? namespace : policy.namespace };
  const secrets = Object.fromEntries(Object.entries(policy.variables).filter(([, value]) => isHidden(value)));
  return { connection: { ...named, ...variables, streams: Object.fromEntries(streams) }, notes: reading.notes, secrets };
}

interface Reading {
  readonly policy: PackagePolicy;
  readonly env: FormContext['env'];
  /** Ends the name of a variable in messages: ` of audit`, or nothing. */
  readonly of: string;
  readonly faults: Fault[];
  readonly notes: string[];
}

function toVersionNotes({ packageVersion }: PackagePolicy, { version }: PackageDefinition): string[] {
  return packageVersion === version
    ? []
    : [`it was made with version ${packageVersion} of the package, and the collector is ${version}: upgrade the older one`];
}

/** The values that the collector takes, by name. */
function read(given: FormValues, declared: readonly Variable[], reading: Reading): FormValues {
  const known = declared.filter((variable) => variable.for !== 'agent');
  noteUnused(given, declared, reading);
  const entries = known.map((variable) => [variable.name, readValue(given[variable.name], variable, reading)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function noteUnused(given: FormValues, declared: readonly Variable[], { notes, of }: Reading): void {
  for (const [name, value] of Object.entries(given)) {
    const variable = declared.find((candidate) => candidate.name === name);
    if (variable === undefined) notes.push(`the variable ${name}${of} is not known to this version of the collector, and is left out`);
    else if (variable.for === 'agent' && value !== variable.default) notes.push(`${name}${of} is for Elastic Agent alone, and does nothing here`);
  }
}

function readValue(value: unknown, variable: Variable, reading: Reading): unknown {
  if (isHidden(value) || (variable.secret && value === undefined)) return readSecret(value, variable, reading);
  if (variable.type === 'fields' && typeof value === 'string') return value.split(/[\s,]+/).filter((name) => name !== '');
  if (variable.type !== 'ssl' || value === undefined) return value;
  return readSsl(value, variable, reading);
}

function readSecret(value: unknown, variable: Variable, reading: Reading): unknown {
  const name = toSecretName(variable.name, reading.policy.name);
  const text = reading.env[name];
  if (text !== undefined && text !== '') return variable.type === 'ssl' ? readSsl(text, variable, reading) : text;
  const message = `Kibana does not show this secret, and the environment variable ${name} is not set`;
  if (isHidden(value)) reading.faults.push(toFault(variable, reading, { message, hint: `Set ${name} where the collector runs, and start it again.` }));
  return undefined;
}

function readSsl(text: unknown, variable: Variable, reading: Reading): object | undefined {
  const result = readFormSsl(text);
  if (!('message' in result)) return result.ssl;
  reading.faults.push(toFault(variable, reading, result));
  return undefined;
}

function toFault({ name }: Variable, { policy, of }: Reading, wrong: Pick<Fault, 'message' | 'hint'>): Fault {
  return { file: toPlace(policy), path: `variable ${name}${of}`, ...wrong };
}

function isHidden(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'isSecretRef' in value;
}
