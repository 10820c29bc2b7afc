import type { Checkpoint } from '../collect/checkpoint.ts';
import { checkStateVersion, isCheckpoint, STATE_VERSION } from '../collect/stored-checkpoint.ts';
import { StateError } from '../errors.ts';

/** Kind of the documents that hold a partition each. */
export const PARTITION_KIND = 'partition';

/** All that collectors share of one partition: how far it is settled, who works on it, and when it is due again. One document, so that one write moves all of it. */
export interface PartitionDocument {
  readonly kind: typeof PARTITION_KIND;
  readonly key: string;
  readonly version: number;
  readonly checkpoint?: Checkpoint;
  readonly lease?: LeaseMark;
  /** Epoch milliseconds. */
  readonly due_ms?: number;
}

/** Who works on a partition. */
export interface LeaseMark {
  /** Id of the collector. */
  readonly owner: string;
  /** Counts what it wrote in this turn: no two writes are the same. */
  readonly writes: number;
}

/** Id of a partition's document. */
export function toPartitionId(key: string): string {
  return `${PARTITION_KIND}:${key}`;
}

/** A partition's document, in the form that this program knows. */
export function toPartitionDocument(key: string, content: Pick<PartitionDocument, 'checkpoint' | 'lease' | 'due_ms'>): PartitionDocument {
  return { kind: PARTITION_KIND, key, version: STATE_VERSION, ...content };
}

/** @throws StateError when a newer program wrote the document, or it holds no checkpoint where one should be */
export function checkPartitionDocument(document: PartitionDocument): PartitionDocument {
  const where = `the state of ${document.key}`;
  checkStateVersion(document.version, where);
  if (document.checkpoint === undefined || isCheckpoint(document.checkpoint)) return document;
  throw new StateError(`${where} is damaged: it is no checkpoint`, { hint: `Run \`state reset ${document.key}\`: then this partition begins anew.` });
}
