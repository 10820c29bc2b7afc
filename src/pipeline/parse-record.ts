import { parseExact } from './exact-json.ts';
import { isNumberTooLong } from './is-number-too-long.ts';
import type { JsonValue } from './value.ts';

/** How deep a record may nest: the limit of Elasticsearch's `json` processor. */
const MAX_LEVELS = 1000;
/** A comment, without a control character but tab and line ends; or a text, in which slashes are no comment. */
const COMMENT = /("(?:[^"\\]|\\.)*")|\/\*[\t\n\r -\uffff]*?\*\/|\/\/[\t -\uffff]*/gs;

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
    const bare = replaceComments(text, ' ');
    if (bare === text) throw error;
    const value = parse(bare);
    // Between a number that is the whole record and a comment, Elasticsearch's parser wants white space.
    if (typeof value !== 'object' && /\d\f/.test(replaceComments(text, '\f'))) throw error;
    return value;
  }
}

function replaceComments(text: string, replacement: string): string {
  return text.replaceAll(COMMENT, (_, quoted: string | undefined) => quoted ?? replacement);
}

function parse(text: string): JsonValue {
  if (text.length > MAX_LEVELS) checkLevels(text);
  if (/^[ \t\r\n]*$/.test(text)) return null;
  // Only a number with 16 digits in a row can be beyond what JSON.parse keeps. Before them stands what can stand there in a number, so ids in quotes cost nothing.
  if (!/(?:^|[[,:\s.+-]|\d[eE])\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  return parseExact(text, toNumber);
}

function toNumber(text: string): number | bigint {
  if (isNumberTooLong(text)) throw new SyntaxError(`a number of ${text.length} characters is too long`);
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
