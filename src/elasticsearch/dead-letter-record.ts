import type { CollectedRecord } from '../collect/ports.ts';
import { toDocumentId } from '../pipeline/document-id.ts';
import { fromRawInJson, type StoredDeadLetter, toRawInJson } from './dead-letter-line.ts';
import { COLLECTOR_STREAM } from './gap-writer.ts';

/** `kind` of the records of the collector stream that are dead letters. */
export const DEAD_LETTER_KIND = 'dead_letter';

/**
 * Makes the record of the `collector` stream that holds a dead letter. The same letter with the same reason has the same id, so a second try
 * stores no second record.
 */
export function toDeadLetterRecord(letter: StoredDeadLetter, version: string): CollectedRecord {
  const { namespace: _namespace, id, raw: bytes, ...what } = letter;
  const { raw, raw_base64 } = toRawInJson(bytes);
  const message = `${letter.stream}: a record was not stored: ${letter.reason}`;
  const text = JSON.stringify({ kind: DEAD_LETTER_KIND, version, ...what, document_id: id, message, record: raw, record_base64: raw_base64 });
  const parts = [DEAD_LETTER_KIND, letter.connection, letter.stream, letter.source, id, String(letter.status), letter.reason];
  const timeMs = Date.parse(letter.time);
  return { id: toDocumentId({ source: COLLECTOR_STREAM, scopeId: letter.scope_id, timeMs: undefined, parts, raw: text }), timeMs, raw: Buffer.from(text) };
}

/** A dead letter as the collector stream holds it, as far as it is asked for. */
export interface DeadLetterDocument {
  readonly '@timestamp'?: string;
  readonly event?: { readonly reason?: string };
  readonly cloudflare?: {
    readonly collector?: {
      readonly connection?: string;
      readonly stream?: string;
      readonly source?: string;
      readonly scope?: { readonly id?: string };
      readonly status?: number;
      readonly document_id?: string;
      readonly record?: string;
      readonly record_base64?: string;
    };
  };
}

/** Reads a dead letter back; undefined where the document holds none. */
export function fromDeadLetterDocument({ '@timestamp': time = '', event, cloudflare }: DeadLetterDocument, namespace: string): StoredDeadLetter | undefined {
  const { connection = '', stream, source = '', scope, status = 0, document_id: id, record, record_base64 } = cloudflare?.collector ?? {};
  if (stream === undefined || id === undefined) {
    return undefined;
  }
  const raw = fromRawInJson({ ...(record === undefined ? {} : { raw: record }), ...(record_base64 === undefined ? {} : { raw_base64: record_base64 }) });
  return { time, connection, namespace, stream, source, scope_id: scope?.id ?? '', id, status, reason: event?.reason ?? '', raw };
}
