import { compilePaths, cutElements, cutSpans, type Span } from '../cloudflare/cut-values.ts';

/**
 * The raw records of a text that a person has at hand, each byte for byte: the elements of a list, of an API answer whose list
 * stands under `key`, one record on its own, or one record per line.
 */
export function splitRecords(content: Buffer, key: string): readonly Buffer[] {
  const start = content.findIndex((byte) => byte > 0x20);
  if (start === -1) return [];
  const whole = { start, end: content.length };
  if (!isJson(content)) return splitLines(content);
  if (content[start] === 0x5b) return cut(content, whole);
  const spans = new Int32Array(2);
  const [from, to] = cutSpans(content, whole, compilePaths([key]), spans) ? spans : [-1, -1];
  if (from === undefined || to === undefined || from < 0 || content[from] !== 0x5b) return [content.subarray(start)];
  return cut(content, { start: from, end: to });
}

function cut(content: Buffer, list: Span): readonly Buffer[] {
  return cutElements(content, list).map(({ start, end }) => content.subarray(start, end));
}

function splitLines(content: Buffer): readonly Buffer[] {
  const lines = content.toString('latin1').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '').map((line) => Buffer.from(line, 'latin1'));
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
