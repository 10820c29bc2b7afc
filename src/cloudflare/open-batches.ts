import type { CollectedRecord } from './to-record.ts';

/** Groups records into batches of bounded size. */
export interface Batches {
  readonly add: (record: CollectedRecord) => void;
  /** The batches that are full, oldest first; each is handed out once. */
  readonly takeFull: () => readonly (readonly CollectedRecord[])[];
  /** The batches that are left, the last one as it is. */
  readonly takeAll: () => readonly (readonly CollectedRecord[])[];
}

const MAX_BYTES = 1024 * 1024;

/**
 * Opens batches of at most `maxBytes` of raw records; a longer record is a batch of its own.
 * @default maxBytes 1 MiB
 */
export function openBatches(maxBytes: number = MAX_BYTES): Batches {
  let full: CollectedRecord[][] = [];
  let open: CollectedRecord[] = [];
  let bytes = 0;
  const turn = (): void => {
    if (open.length > 0) full.push(open);
    open = [];
    bytes = 0;
  };
  const takeFull = (): readonly (readonly CollectedRecord[])[] => {
    const taken = full;
    full = [];
    return taken;
  };
  return {
    add: (record) => {
      if (bytes + record.raw.length > maxBytes) turn();
      open.push(record);
      bytes += record.raw.length;
    },
    takeFull,
    takeAll: () => {
      turn();
      return takeFull();
    },
  };
}
