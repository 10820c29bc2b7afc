import { stringifyExact } from './exact-json.ts';
import type { JsonValue } from './value.ts';

/** A document as JSON text on one line, integers beyond 2^53 with all their digits. */
export function stringifyDocument(document: JsonValue): string {
  return hasBigInt(document) ? stringifyExact(document) : JSON.stringify(document);
}

function hasBigInt(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasBigInt);
}
