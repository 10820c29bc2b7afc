import type { ErrorObject } from 'ajv';
import { findSchemaFault, toFaultPath } from './find-schema-fault.ts';
import { Refused } from './reply.ts';
import type { Schema } from './schemas.ts';

/**
 * The body of a request, which a schema allows.
 * @throws {Refused} for what is no JSON, and for what the schema does not allow; unknown keys are named
 */
export function readBody<Body>(body: Buffer, schema: Schema): Body {
  const parsed = parse(body);
  const fault = findSchemaFault(schema, parsed);
  if (fault === undefined) return parsed as Body;
  throw new Refused(400, `[request body${toFaultPath(fault)}]: ${describe(fault)}`);
}

function describe({ data, keyword, message, params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'definition for this key is missing';
  if (keyword === 'maxItems') return `array size is [${(data as readonly unknown[]).length}], but cannot be greater than [${String(params.limit)}]`;
  return String(message);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refused(400, 'Invalid request payload JSON format');
  }
}
