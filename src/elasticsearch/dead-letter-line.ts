import { isUtf8 } from 'node:buffer';

/** A dead letter as it is kept. */
export interface StoredDeadLetter {
  /** When it was written, ISO 8601 in UTC. */
  readonly time: string;
  readonly connection: string;
  readonly namespace: string;
  readonly stream: string;
  readonly source: string;
  readonly scope_id: string;
  readonly id: string;
  /** Status of the bulk item; 0 where the record was never sent; 201 where the failure store has it as well. */
  readonly status: number;
  readonly reason: string;
  /** The record's bytes. */
  readonly raw: Buffer;
}

/** The record in JSON: as text, or in base64 where it is no UTF-8. */
export interface RawInJson {
  readonly raw?: string;
  readonly raw_base64?: string;
}

type Line = Omit<StoredDeadLetter, 'raw'> & RawInJson;

/** Makes the JSON form of a record's bytes. */
export function toRawInJson(raw: Buffer): RawInJson {
  return isUtf8(raw) ? { raw: raw.toString() } : { raw_base64: raw.toString('base64') };
}

/** Reads a record's bytes back from their JSON form. */
export function fromRawInJson({ raw, raw_base64: base64 }: RawInJson): Buffer {
  return base64 === undefined ? Buffer.from(raw ?? '') : Buffer.from(base64, 'base64');
}

/** What tells two letters apart: the same record may be written to two data streams. */
export function toLetterKey({ namespace, stream, id }: Pick<StoredDeadLetter, 'namespace' | 'stream' | 'id'>): string {
  return `${namespace}/${stream}/${id}`;
}

/** Makes the letter's line of the file, with its line end. */
export function toLetterLine({ raw, ...letter }: StoredDeadLetter): Buffer {
  return Buffer.from(`${JSON.stringify({ ...letter, ...toRawInJson(raw) })}\n`);
}

/** Reads a line of the file; undefined where it is none, e.g. because a crash cut it short. */
export function parseLetterLine(text: string): StoredDeadLetter | undefined {
  let line: Line | null;
  try {
    line = JSON.parse(text) as Line | null;
  } catch {
    return undefined;
  }
  if (typeof line?.id !== 'string' || typeof line.stream !== 'string') {
    return undefined;
  }
  const { raw: _raw, raw_base64: _base64, ...letter } = line;
  return { ...letter, raw: fromRawInJson(line) };
}
