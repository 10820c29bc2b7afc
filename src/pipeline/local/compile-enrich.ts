import type { LookUp } from '../look-ups.ts';
import type { EnrichStep } from '../step.ts';
import { isObject, type JsonObject } from '../value.ts';
import type { Act } from './compile-step.ts';
import { compileGet, compilePut } from './path.ts';

/**
 * Compiles an enrichment to a closure. Like Elasticsearch's processors it puts what it finds in place of what stood in the field, and
 * leaves the field as it was where nothing is found. A look-up that throws is one line of the event's errors.
 */
export function compileEnrich({ field, from }: EnrichStep, lookUp: LookUp): Act {
  const get = compileGet(from);
  const put = compilePut(field);
  return ({ document, errors }) => {
    const value = get(document);
    if (typeof value !== 'string') return;
    try {
      const found = lookUp(value);
      if (found !== undefined) put(document, copy(found));
    } catch (error) {
      errors.push(`${field}: ${(error as Error).message}`);
    }
  };
}

function copy(object: JsonObject): JsonObject {
  const made: JsonObject = {};
  for (const [key, value] of Object.entries(object)) made[key] = isObject(value) ? copy(value) : value;
  return made;
}
