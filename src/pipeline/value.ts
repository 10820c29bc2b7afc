/** A value of a record or document: JSON, with integers beyond 2^53 as bigint. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

/** A JSON object; mutable, since a backend builds the document in place. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Smallest and largest value of Elasticsearch's `long`. */
export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;

const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** True for a JSON object: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a number of either kind. */
export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The value of an own key; undefined where `value` is no object or has no such key. */
export function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** True for what means "no value" in every field: missing, null, the empty string, the empty list and the empty object. */
export function isAbsent(value: JsonValue | undefined): value is null | undefined {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

/**
 * The keyword of a scalar: strings as they are, integers as decimal digits, other numbers as their shortest decimal without
 * exponent (so 1.0 and 1 give the same), booleans as true and false. Undefined for lists, objects, null and numbers beyond double.
 */
export function toText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? plainDecimal(value) : undefined;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return undefined;
}

function plainDecimal(value: number): string {
  // Below the normal range Java and JavaScript disagree about the shortest digits.
  if (Math.abs(value) < SMALLEST_NORMAL) return '0';
  const text = String(value);
  const cut = text.indexOf('e');
  if (cut < 0) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, cut).split('.');
  const exponent = Number(text.slice(cut + 1));
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - whole.length)}${whole}${fraction}`;
  return `${sign}${whole}${fraction}${'0'.repeat(exponent - fraction.length)}`;
}

/** The integer that a number stands for, as number where that is exact; undefined for fractions and doubles beyond 2^53. */
export function toInteger(value: JsonValue | undefined): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** What a value is, in the words of error messages. */
export function kindOf(value: JsonValue): 'text' | 'number' | 'boolean' | 'list' | 'object' {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (isNumber(value)) return 'number';
  return Array.isArray(value) ? 'list' : 'object';
}
