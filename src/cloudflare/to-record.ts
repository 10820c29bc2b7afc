import type { SourceDefinition } from '../definition/definition.ts';
import { toDocumentId } from '../pipeline/document-id.ts';
import { toEpochMs, toInstant } from '../pipeline/parse-time.ts';
import { type CutValue, compilePaths, type SpanScan, scanSpans, toIdPart, toScalar } from './cut-values.ts';

/** One record as Cloudflare sent it; the same shape as the collector's. */
export interface CollectedRecord {
  /** Document id by the declared rule. */
  readonly id: string;
  /** Time of the event in epoch milliseconds, where it has one. */
  readonly timeMs: number | undefined;
  /** The record's bytes, a part of the answer: neither decoded nor copied. */
  readonly raw: Buffer;
  /** What was looked up about it: goes with it in `_conf`, never into its id. @default nothing */
  readonly conf?: Readonly<Record<string, unknown>>;
}

/** A record, and whether its bytes are one JSON object. */
export interface CutRecord extends CollectedRecord {
  readonly valid: boolean;
}

/**
 * No object literal: of a literal whose objects mostly live for a while V8 makes the next ones as if they lived for long, and then each dead record keeps its
 * part of the answer in memory until a full collection.
 */
class Cut implements CutRecord {
  readonly id: string;
  readonly timeMs: number | undefined;
  readonly raw: Buffer;
  readonly valid: boolean;

  constructor({ id, timeMs, raw, valid }: CutRecord) {
    this.id = id;
    this.timeMs = timeMs;
    this.raw = raw;
    this.valid = valid;
  }
}

/** Makes records of bytes. Bytes that are no JSON object are a record too; their id is that of the bytes. */
export type ToRecord = (raw: Buffer) => CutRecord;

/** Prepares the cutting of ids and times from the bytes of one source's records. */
export function openToRecord({ name, id, time }: SourceDefinition, scopeId: string): ToRecord {
  const paths = [...new Set([...id, time])];
  const tree = compilePaths(paths);
  const slots = id.map((path) => paths.indexOf(path));
  const timeSlot = paths.indexOf(time);
  const spans = new Int32Array(2 * paths.length);
  const scan: SpanScan = { bytes: Buffer.alloc(0), end: 0, spans };
  return (raw) => {
    scan.bytes = raw;
    scan.end = raw.length;
    const valid = scanSpans(scan, 0, tree);
    const parts: (string | undefined)[] = [];
    if (valid) for (const slot of slots) parts.push(toIdPart(raw, spans[2 * slot] as number, spans[2 * slot + 1] as number));
    const timeMs = valid ? toTimeMs(toScalar(raw, spans[2 * timeSlot] as number, spans[2 * timeSlot + 1] as number)) : undefined;
    return new Cut({ id: toDocumentId({ source: name, scopeId, timeMs, parts, raw }), timeMs, raw, valid });
  };
}

function toTimeMs(value: CutValue): number | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  const instant = toInstant(value);
  return instant === undefined ? undefined : toEpochMs(instant);
}
