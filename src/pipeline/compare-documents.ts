import { isNumber, isObject, type JsonValue } from './value.ts';

/**
 * The dotted paths at which two documents differ, sorted; numbers are compared by value (1.0 is 1, a bigint is its number), lists in their
 * order, a missing key is not the same as null. An empty list means they are equal.
 */
export function compareDocuments(a: JsonValue | undefined, b: JsonValue | undefined): readonly string[] {
  return differences(a, b, '').sort();
}

function differences(a: JsonValue | undefined, b: JsonValue | undefined, path: string): string[] {
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item, index) => differences(item, b[index], `${path}[${index}]`));
  }
  return isEqual(a, b) ? [] : [path];
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: bigint and number are the same number only by ==
  return isNumber(a) && isNumber(b) && a == b;
}
