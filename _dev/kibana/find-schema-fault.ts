import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from './schemas.ts';

const ajv = new Ajv({ strict: false, verbose: true });
const compiled = new WeakMap<Schema, ValidateFunction>();

/** The first thing that a schema does not allow; of several ways to be right that all fail, a list that is too long says most. */
export function findSchemaFault(schema: Schema, value: unknown): ErrorObject | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return undefined;
  const errors = validate.errors ?? [];
  return errors.find(({ keyword }) => keyword === 'maxItems') ?? errors[0];
}

/** Where a fault is, as Kibana writes it: `.inputs.tiny-cel.vars`. */
export function toFaultPath({ instancePath, keyword, params }: ErrorObject): string {
  return `${instancePath}${keyword === 'additionalProperties' ? `/${String(params.additionalProperty)}` : ''}`.replaceAll('/', '.');
}
