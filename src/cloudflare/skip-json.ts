import { isNumberTooLong, MAX_DIGITS } from '../pipeline/is-number-too-long.ts';

/** The limit of Elasticsearch's `json` processor, and of `parseRecord`: what nests deeper is no record. */
const MAX_LEVELS = 1000;

/** Bytes with a meaning in JSON. */
export const jsonBytes = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const { quote: QUOTE, comma: COMMA, colon: COLON, openList: OPEN_LIST, backslash: BACKSLASH } = jsonBytes;
const { closeList: CLOSE_LIST, openObject: OPEN_OBJECT, closeObject: CLOSE_OBJECT } = jsonBytes;

/** What is scanned: JSON text that ends before `end`. One object serves many scans, since it is made for each of millions of lines. */
export interface Scan {
  bytes: Buffer;
  end: number;
}

/** Bytes of a string that need no look: all but the quote, the backslash and control characters. */
const ORDINARY = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0));
const NUMBER_BYTE = toTable('+-.0123456789Ee');
const ESCAPED = toTable('"\\/bfnrt');
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function toTable(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}

/** Position of the next byte that is no white space of JSON, at most the end. */
export function skipSpace({ bytes, end }: Scan, at: number): number {
  let position = at;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    position += 1;
  }
  return position;
}

/** Position behind the string that begins at `at`; -1 where it is no string of strict JSON. Its bytes need not be UTF-8. */
export function skipString({ bytes, end }: Scan, at: number): number {
  if (at >= end || bytes[at] !== QUOTE) return -1;
  let position = at + 1;
  while (position < end) {
    const byte = bytes[position] as number;
    if (ORDINARY[byte] === 1) position += 1;
    else if (byte === QUOTE) return position + 1;
    else {
      position = byte === BACKSLASH ? skipEscape(bytes, position) : end;
      if (position < 0) return -1;
    }
  }
  return -1;
}

function skipEscape(bytes: Buffer, at: number): number {
  const byte = bytes[at + 1] ?? 0;
  if (byte !== 0x75) return ESCAPED[byte] === 1 ? at + 2 : -1;
  return /^[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 2, at + 6)) ? at + 6 : -1;
}

/**
 * Position behind the JSON value that begins at `at`; -1 where there is none. Strict: what it accepts, `JSON.parse` accepts,
 * except that bytes of a string need not be UTF-8.
 */
export function skipValue(scan: Scan, at: number, depth: number): number {
  if (at >= scan.end) return -1;
  const byte = scan.bytes[at] as number;
  if (byte === QUOTE) return skipString(scan, at);
  if (byte === OPEN_OBJECT) return skipObject(scan, at, depth);
  if (byte === OPEN_LIST) return skipList(scan, at, { depth });
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39) ? skipNumber(scan, at) : skipLiteral(scan, at);
}

function skipNumber({ bytes, end }: Scan, at: number): number {
  let position = at;
  let plain = true;
  while (position < end) {
    const byte = bytes[position] as number;
    if (NUMBER_BYTE[byte] !== 1) break;
    if (byte < 0x30 || byte > 0x39) plain = false;
    position += 1;
  }
  if (position - at > MAX_DIGITS && isNumberTooLong(bytes.toString('latin1', at, position))) return -1;
  if (plain && (bytes[at] !== 0x30 || position === at + 1)) return position;
  return NUMBER.test(bytes.toString('latin1', at, position)) ? position : -1;
}

function skipLiteral({ bytes, end }: Scan, at: number): number {
  for (const word of LITERALS) {
    const after = at + word.length;
    if (after <= end && bytes[at] === word[0] && bytes.compare(word, 0, word.length, at, after) === 0) return after;
  }
  return -1;
}

function skipObject(scan: Scan, at: number, depth: number): number {
  let position = enter(scan, at, depth);
  while (position > 0) {
    const value = skipColon(scan, skipString(scan, position));
    position = value < 0 ? 0 : toNext(scan, skipValue(scan, value, depth + 1), CLOSE_OBJECT);
  }
  return -position - 1;
}

interface ListOptions {
  readonly depth: number;
  /** Told where each element begins and ends. */
  readonly take?: (start: number, end: number) => void;
}

/** Position behind the list that begins at `at`; -1 where it is none. */
export function skipList(scan: Scan, at: number, { depth, take }: ListOptions): number {
  let position = enter(scan, at, depth);
  while (position > 0) {
    const after = skipValue(scan, position, depth + 1);
    if (after >= 0) take?.(position, after);
    position = toNext(scan, after, CLOSE_LIST);
  }
  return -position - 1;
}

/** Where the first member of the object or list at `at` begins. Where it is empty and ends before position p, -p - 1; where it is no JSON, 0. */
export function enter(scan: Scan, at: number, depth: number): number {
  if (depth >= MAX_LEVELS) return 0;
  const first = skipSpace(scan, at + 1);
  const close = scan.bytes[at] === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST;
  return first < scan.end && scan.bytes[first] === close ? -first - 2 : first;
}

/** Where the member after the one that ends at `after` begins; else as `enter`. */
export function toNext(scan: Scan, after: number, close: number): number {
  if (after < 0) return 0;
  const position = skipSpace(scan, after);
  if (position >= scan.end) return 0;
  const byte = scan.bytes[position];
  if (byte === close) return -position - 2;
  return byte === COMMA ? skipSpace(scan, position + 1) : 0;
}

/** Where the value begins whose key ends at `keyEnd`; -1 where no colon follows, or the key is none. */
export function skipColon(scan: Scan, keyEnd: number): number {
  if (keyEnd < 0) return -1;
  const colon = skipSpace(scan, keyEnd);
  return colon < scan.end && scan.bytes[colon] === COLON ? skipSpace(scan, colon + 1) : -1;
}
