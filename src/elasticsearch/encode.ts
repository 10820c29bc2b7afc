import { isUtf8 } from 'node:buffer';
import type { CollectedRecord } from '../collect/ports.ts';

/** A document as it is sent, without a line end. */
export interface EncodedDocument {
  readonly kind: 'document';
  readonly text: string;
  /** How the text becomes bytes; `latin1` where each of its characters stands for one. */
  readonly encoding: 'latin1' | 'utf8';
}

/** One record as a line of a bulk body, or why it is none. */
export type Encoded = EncodedDocument | { readonly kind: 'dropped'; readonly rule: string } | { readonly kind: 'dead'; readonly reason: string };

/** Makes the document. */
export type Encode = (record: CollectedRecord) => Encoded;

/** What only the sender knows of a partition's records. */
export interface Envelope {
  /** Sent as `_conf`: the source, the account or zone, the user's choices. */
  readonly conf: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** Sent as `data_stream`, as Elastic Agent does. */
  readonly dataStream?: { readonly type: string; readonly dataset: string; readonly namespace: string };
}

const NOT_UTF8 = 'the record is not valid UTF-8: Elasticsearch would refuse the whole request';

/** The name of the declared rule that leaves a record out; undefined where none does. */
export type FindDrop = (record: CollectedRecord) => string | undefined;

/**
 * Encodes for Elasticsearch's ingest pipeline: `{"message":"...","_conf":{...},"tags":[...]}`. The record's bytes are
 * escaped, never decoded: what stands in `message` is byte for byte what Cloudflare sent. What `findDrop` finds is not sent.
 */
export function createServerEncode(envelope: Envelope, findDrop?: FindDrop): Encode {
  const conf = toLatin1(envelope.conf);
  const tags = Buffer.from(JSON.stringify(envelope.tags)).toString('latin1');
  const dataStream = envelope.dataStream === undefined ? '' : `,"data_stream":${JSON.stringify(envelope.dataStream)}`;
  const end = `,"tags":${tags}${dataStream}}`;
  return (record) => {
    const { raw, conf: own } = record;
    if (!isUtf8(raw)) {
      return { kind: 'dead', reason: NOT_UTF8 };
    }
    const rule = findDrop?.(record);
    if (rule !== undefined) {
      return { kind: 'dropped', rule };
    }
    // Latin-1 maps each byte to one character and back, so JSON.stringify escapes bytes; it is 2.5 times as fast as a loop over them.
    return {
      kind: 'document',
      text: `{"message":${JSON.stringify(raw.toString('latin1'))},"_conf":${own === undefined ? conf : toLatin1({ ...own, ...envelope.conf })}${end}`,
      encoding: 'latin1',
    };
  };
}

/** JSON as bytes, each of which stands for one character. */
function toLatin1(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('latin1');
}

/** Maps one raw record in this process: gives the document as JSON text, or the name of the declared rule that leaves the record out. */
export type RunAtEdge = (record: CollectedRecord) => string | { readonly dropped: string };

/** Encodes for indexing without an ingest pipeline: what `run` makes of the record is the document. */
export function createEdgeEncode(run: RunAtEdge): Encode {
  return (record) => {
    if (!isUtf8(record.raw)) {
      return { kind: 'dead', reason: NOT_UTF8 };
    }
    const result = run(record);
    return typeof result === 'string' ? { kind: 'document', text: result, encoding: 'utf8' } : { kind: 'dropped', rule: result.dropped };
  };
}
