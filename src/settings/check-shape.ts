import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { closest } from 'fastest-levenshtein';
import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, SettingsError } from '../errors.ts';
import type { DeadLetterFile } from './dead-letter-settings.ts';
import type { HealthFile } from './health-settings.ts';
import type { KibanaFile } from './kibana-settings.ts';
import { type JsonSchema, type SettingsOptions, toSettingsSchema } from './settings-schema.ts';

/** A settings file whose keys and value kinds are right; what the values mean is not checked yet. */
export interface SettingsFile {
  readonly elasticsearch: Readonly<Record<string, unknown>>;
  readonly kibana?: KibanaFile;
  readonly state?: { readonly path?: string; readonly store?: 'file' | 'elasticsearch'; readonly lease?: string; readonly dead_letters?: DeadLetterFile };
  readonly health?: HealthFile;
  readonly connections?: readonly ConnectionFile[];
}

export interface ConnectionFile {
  readonly name: string;
  readonly namespace?: string;
  readonly streams?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  readonly [variable: string]: unknown;
}

/**
 * The tree as settings file. One value where a list is expected becomes a list, "true" a boolean, "5" a number.
 * @throws SettingsError with every unknown key and every value of the wrong kind
 */
export function checkShape(tree: unknown, definition: PackageDefinition, { file, ...options }: SettingsOptions & { readonly file: string }): SettingsFile {
  return checkAgainst<SettingsFile>(toSettingsSchema(definition, options), tree ?? {}, file);
}

/**
 * A copy of the tree in the shape that a schema asks for, values coerced.
 * @throws SettingsError with every unknown key and every value of the wrong kind
 */
export function checkAgainst<Shape>(schema: JsonSchema, tree: unknown, file: string): Shape {
  return createCheck<Shape>(schema)(tree, file);
}

/** Makes the check of many trees against one schema, which takes a while to be understood. */
export function createCheck<Shape>(schema: JsonSchema): (tree: unknown, file: string) => Shape {
  const validate = new Ajv2020({ allErrors: true, coerceTypes: 'array', strict: false, verbose: true }).compile<Shape>(schema);
  return (tree, file) => {
    const copy: unknown = structuredClone(tree);
    if (validate(copy)) return copy;
    throw new SettingsError((validate.errors ?? []).map((error) => toFault(error, file)));
  };
}

/** `/connections/0/streams/audit` as `connections[0].streams.audit`. */
function toPath(pointer: string): string {
  return pointer
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
}

function toFault(error: ErrorObject, file: string): Fault {
  const path = toPath(error.instancePath);
  const fault = (message: string, hint: string): Fault => ({ file, path, message, hint });
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, fault);
    case 'required':
      return fault(`${error.params.missingProperty} is missing`, toAddHint(String(error.params.missingProperty)));
    case 'enum':
      return fault('this value is not known', `Use one of: ${(error.params.allowedValues as string[]).join(', ')}.`);
    case 'pattern':
      return fault(patternMessage(String(error.schema)), 'Correct the value; a value of digits alone must be in quotes.');
    case 'minItems':
      return fault('the list is empty', path === 'connections' ? toAddHint(path) : 'Add at least one entry.');
    default:
      return fault(error.message ?? error.keyword, 'Correct the value.');
  }
}

function toAddHint(name: string): string {
  return name === 'connections' ? 'Add a connection, or name the Kibana that has some with --fleet URL.' : `Add ${name}.`;
}

function unknownKey(error: ErrorObject, fault: (message: string, hint: string) => Fault): Fault {
  const key = String(error.params.additionalProperty);
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
  return fault(`${key} is not a key here`, known.length === 0 ? 'Remove it.' : `Did you mean ${closest(key, known)}? Keys here: ${known.join(', ')}.`);
}

function patternMessage(pattern: string): string {
  if (pattern.includes('|all')) return 'this is no id: an id is 32 lower-case hexadecimal digits; the word all takes every one';
  if (pattern.includes('{32}')) return 'this is no id: an id is 32 lower-case hexadecimal digits';
  if (pattern.includes('ms|s|m|h|d')) return 'this is no duration: write 30s, 5m, 24h or 7d';
  return `this value does not match ${pattern}`;
}
