import { Ajv } from 'ajv';
import { Refused } from './reply.ts';
import type { Schema } from './schemas.ts';

/**
 * The body of a request, which a schema allows.
 * @throws {Refused} for what is no JSON, and for what the schema does not allow; unknown keys are named
 */
export function readBody<Body>(body: Buffer, schema: Schema): Body {
  const parsed = parse(body);
  const ajv = new Ajv({ strict: false });
  if (ajv.validate(schema, parsed)) return parsed as Body;
  const [error] = ajv.errors ?? [];
  const path = `${error?.instancePath ?? ''}${error?.keyword === 'additionalProperties' ? `/${String(error.params.additionalProperty)}` : ''}`;
  const said = error?.keyword === 'additionalProperties' ? 'definition for this key is missing' : String(error?.message);
  throw new Refused(400, `[request body${path.replaceAll('/', '.')}]: ${said}`);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refused(400, 'Invalid request payload JSON format');
  }
}
