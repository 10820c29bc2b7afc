import { hash } from 'node:crypto';

/** What a document id is made from; every absent part is empty. */
export interface DocumentIdParts {
  /** Name of the declared source. */
  readonly source: string;
  /** The account's, zone's or user's id. */
  readonly scopeId: string;
  /** Epoch milliseconds of the event, where it has a time. */
  readonly timeMs: number | undefined;
  /** The values of the declared tuple, in its order. */
  readonly parts: readonly (string | undefined)[];
  /** The record as it came; it stands in for a tuple without any value. */
  readonly raw: Buffer | string;
}

/** Version of the rule; it begins every id, so that a new rule can never meet an old id. */
const RULE_VERSION = '1';
const NO_TIME = '000000000000';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** 16 bytes end two bits into their 22nd character of base64url. */
const LAST: ReadonlyMap<string, string> = new Map([...ALPHABET].map((character, index) => [character, ALPHABET.charAt(index & 0x30)]));

/**
 * The id under which a record is stored: `1`, 12 hexadecimal digits of the epoch milliseconds (zeros without a time or before 1970), then
 * base64url of the first 16 bytes of SHA-256 over source, scope and tuple, each preceded by its length in bytes and a colon.
 */
export function toDocumentId({ source, scopeId, timeMs, parts, raw }: DocumentIdParts): string {
  const time = timeMs === undefined || timeMs < 0 ? NO_TIME : timeMs.toString(16).padStart(12, '0');
  const digest = hash('sha256', toTuple(sized(source) + sized(scopeId), parts, raw), 'base64url');
  return `${RULE_VERSION}${time}${digest.slice(0, 21)}${LAST.get(digest.charAt(21))}`;
}

/** Whether an id names the time of its event: that of a record without a time does not. */
export function isDatedId(id: string): boolean {
  return !id.startsWith(`${RULE_VERSION}${NO_TIME}`);
}

function toTuple(head: string, parts: DocumentIdParts['parts'], raw: Buffer | string): Buffer | string {
  let tuple = head;
  let empty = true;
  for (const part of parts) {
    tuple += sized(part ?? '');
    empty &&= part === undefined || part === '';
  }
  if (!empty) return tuple;
  if (typeof raw === 'string') return head + sized(raw);
  return Buffer.concat([Buffer.from(`${head}${raw.length}:`), raw]);
}

function sized(part: string): string {
  // Java writes half a surrogate pair as '?', and the ingest pipeline must find the same id.
  const text = part.isWellFormed() ? part : part.replaceAll(/\p{Surrogate}/gu, '?');
  return `${Buffer.byteLength(text)}:${text}`;
}
