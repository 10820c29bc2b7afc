import { parse, stringify } from 'lossless-json';

import type { JsonValue } from './value.ts';

/**
 * Parses JSON with a say in what becomes of the text of each number; of equal keys the last wins.
 * @throws SyntaxError where the text is no JSON
 */
export function parseExact(text: string, toNumber: (text: string) => number | bigint): JsonValue {
  return parse(text, null, { parseNumber: toNumber, onDuplicateKey: ({ newValue }) => newValue }) as JsonValue;
}

/** JSON text with all digits of big integers. */
export function stringifyExact(value: JsonValue): string {
  return stringify(value) as string;
}
