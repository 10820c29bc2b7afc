import { isObject, type JsonObject, type JsonValue, toText } from './value.ts';

/** How deep objects may nest in a `flattened` field; lists don't count. */
const MAX_LEVELS = 20;
const NUL = '\0';

/**
 * Makes a value fit a `flattened` field, in place: what is no object is wrapped as `{ value }`, an object at the 21st level becomes its
 * JSON text, integers beyond `long` and numbers beyond double become text, and NUL in a key becomes U+FFFD.
 */
export function foldObject(value: JsonValue): JsonObject {
  return fold(isObject(value) ? value : { value }, 0) as JsonObject;
}

function fold(value: JsonValue, level: number): JsonValue {
  if (typeof value === 'bigint') return value >= -(2n ** 63n) && value < 2n ** 63n ? value : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = fold(item, level);
    return value;
  }
  return level === MAX_LEVELS ? toJsonText(value) : foldKeys(value, level);
}

function foldKeys(object: JsonObject, level: number): JsonObject {
  const keys = Object.keys(object);
  for (const key of keys) object[key] = fold(object[key] as JsonValue, level + 1);
  for (const key of keys.filter((name) => name.includes(NUL)).sort()) {
    const clean = key.replaceAll(NUL, '\ufffd');
    if (!Object.hasOwn(object, clean)) object[clean] = object[key] as JsonValue;
    delete object[key];
  }
  return object;
}

/** JSON text with sorted keys, plain decimals and the escapes of Elasticsearch, so that both backends write the same. */
export function toJsonText(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${quote(key)}:${toJsonText(value[key] as JsonValue)}`).join(',')}}`;
  }
  return value === null ? 'null' : (toText(value) ?? quote(String(value)));
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
  const escaped = text.replaceAll(/["\\\u0000-\u001f\ud800-\udfff]/g, (unit) => {
    return SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
