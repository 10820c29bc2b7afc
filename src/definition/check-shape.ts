import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Report } from './report.ts';
import { suggest } from './suggest.ts';

/** The kinds of declaration files; each has its JSON Schema in `schema/`. */
export type DeclarationKind = 'manifest' | 'changelog' | 'stream' | 'fields' | 'rules' | 'dashboard';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
const schemaFolder = new URL('../../schema/', import.meta.url);

function loadSchema(name: string): object {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, schemaFolder), 'utf8')) as object;
}

const validators = new Map<DeclarationKind, ValidateFunction>();

function findValidator(kind: DeclarationKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  for (const part of ['variables', 'condition']) {
    if (ajv.getSchema(`${part}.schema.json`) === undefined) ajv.addSchema(loadSchema(part));
  }
  const made = ajv.compile(loadSchema(kind));
  validators.set(kind, made);
  return made;
}

/** Whether the tree has the shape that the JSON Schema of its kind demands; every deviation is reported. */
export function checkShape(kind: DeclarationKind, tree: unknown, report: Report): boolean {
  const validate = findValidator(kind);
  if (validate(tree)) return true;
  for (const error of validate.errors ?? []) {
    // A wrong key is told once, by `propertyNames`; what a branch demands is told by the branch.
    if (error.propertyName === undefined && error.keyword !== 'if') report(toPath(error.instancePath), ...describe(error));
  }
  return false;
}

/** `/3/when/not` as `[3].when.not`. */
function toPath(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
}

type Words = readonly [message: string, hint: string];

const tooShort: Readonly<Record<string, string>> = {
  minItems: 'the list has too few entries',
  minLength: 'the text is empty',
  minProperties: 'the mapping is empty',
};
const kinds: Readonly<Record<string, string>> = { string: 'text', array: 'list', object: 'mapping', integer: 'whole number', boolean: 'true or false' };

function describe(error: ErrorObject): Words {
  const value = JSON.stringify(error.data);
  switch (error.keyword) {
    case 'additionalProperties':
      return describeUnknownKey(error);
    case 'required':
      return [`${error.params.missingProperty} is missing`, `Add ${error.params.missingProperty}.`];
    case 'enum':
      return describeUnknownValue(error);
    case 'type':
      return [`${value} is no ${toKinds(error.params.type)}`, `Write a ${toKinds(error.params.type)}; quotes make a text.`];
    case 'pattern':
      return [`${value} does not match ${error.params.pattern}`, 'Write it in that form.'];
    case 'false schema':
      return ['the key may not stand beside the others', 'Remove it.'];
    case 'propertyNames':
      return [`the key ${error.params.propertyName} has a wrong form`, 'Use lower-case letters, digits and underscores.'];
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return [tooShort[error.keyword] ?? error.keyword, `Write at least ${error.params.limit}.`];
    default:
      return [`${value} ${error.message ?? error.keyword}`, 'Correct the value.'];
  }
}

function toKinds(types: string | readonly string[]): string {
  return [types]
    .flat()
    .map((type) => kinds[type] ?? type)
    .join(' or ');
}

function describeUnknownValue(error: ErrorObject): Words {
  const allowed = (error.params.allowedValues as unknown[]).map(String);
  return [`${JSON.stringify(error.data)} is not a value here`, `${suggest(String(error.data), allowed)}Use one of: ${allowed.join(', ')}.`];
}

function describeUnknownKey(error: ErrorObject): Words {
  const key = String(error.params.additionalProperty);
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
  return [`${key} is not a key here`, `${suggest(key, known)}Keys here: ${known.join(', ')}.`];
}
