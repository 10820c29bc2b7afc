import { parseExact } from './exact-json.ts';
import type { JsonValue } from './value.ts';

/** How deep a record may nest, and how long one of its numbers may be: the limits of Elasticsearch's `json` processor. */
const MAX_LEVELS = 1000;
const MAX_NUMBER_LENGTH = 1000;
/** A comment, or a text, in which slashes are no comment. */
const COMMENT = /("(?:[^"\\]|\\.)*")|\/\*.*?\*\/|\/\/[^\n\r]*/gs;

/**
 * Parses the JSON text of one record. Integers are exact (number, bigint beyond 2^53), other numbers doubles; of equal keys the last
 * wins; a text of white space only is null.
 * Comments between values (slashes) are skipped, since Elasticsearch's parser skips them.
 * @throws SyntaxError where the text is no JSON, nests deeper than 1000 levels or has a number of more than 1000 digits
 */
export function parseRecord(text: string): JsonValue {
  try {
    return parse(text);
  } catch (error) {
    const bare = text.replaceAll(COMMENT, (_, quoted: string | undefined) => quoted ?? ' ');
    if (bare === text) throw error;
    return parse(bare);
  }
}

function parse(text: string): JsonValue {
  if (text.length > MAX_LEVELS) checkLevels(text);
  if (/^[ \t\r\n]*$/.test(text)) return null;
  // Only an integer of 16 digits and more can be beyond what JSON.parse keeps.
  if (!/\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  return parseExact(text, toNumber);
}

function toNumber(text: string): number | bigint {
  if (text.length > MAX_NUMBER_LENGTH) throw new SyntaxError(`a number of ${text.length} characters is too long`);
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return /[.eE]/.test(text) ? value : BigInt(text);
}

function checkLevels(text: string): void {
  let levels = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (part === '{' || part === '[') levels += 1;
    else if (part === '}' || part === ']') levels -= 1;
    if (levels > MAX_LEVELS) throw new SyntaxError(`nested deeper than ${MAX_LEVELS} levels`);
  }
}
