import type { CollectedRecord } from '../collect/ports.ts';
import type { BulkEntry } from './bulk-request.ts';
import type { EncodedDocument } from './encode.ts';

/**
 * The memory of one bulk request: what is sent fills it from the front, the records themselves from the back. So an entry holds nothing of the answer that its
 * record came with, and needs no buffer of its own: V8 takes away dead buffers far later than they gather.
 */
export interface BulkSpace {
  /** In bytes. */
  readonly size: number;
  /** Makes the entry for one document; Elasticsearch refuses it as a conflict where the id is taken. Undefined where it does not fit. */
  readonly add: (record: CollectedRecord, document: EncodedDocument) => BulkEntry | undefined;
  /** Forgets its entries: their bytes are overwritten. */
  readonly clear: () => void;
}

/** Spaces that are used again and again. */
export interface BulkSpaces {
  /** A space that is large enough for this entry. */
  readonly take: (record: CollectedRecord, document: EncodedDocument) => BulkSpace;
  /** Takes a space back whose entries nobody needs any more. */
  readonly giveBack: (space: BulkSpace) => void;
}

interface SpacesOptions {
  /** Size of a request; one larger entry gets a space of its own. */
  readonly maxBytes: number;
  /** How many spaces are kept for later. */
  readonly most: number;
}

/** Opens spaces; each is made when it is needed first. */
export function openBulkSpaces({ maxBytes, most }: SpacesOptions): BulkSpaces {
  const size = 2 * maxBytes;
  const kept: BulkSpace[] = [];
  return {
    take: (record, document) => {
      const length = toLength(toAction(record), document);
      const fits = length <= maxBytes && length + record.raw.length <= size;
      return fits ? (kept.pop() ?? openSpace(size, maxBytes)) : openSpace(length + record.raw.length, length);
    },
    giveBack: (space) => {
      if (space.size !== size || kept.length >= most) return;
      space.clear();
      kept.push(space);
    },
  };
}

function openSpace(size: number, maxBytes: number): BulkSpace {
  const space = Buffer.allocUnsafeSlow(size);
  let front = 0;
  let back = size;
  return {
    size,
    add: (record, document) => {
      const { id, timeMs, raw } = record;
      const action = toAction(record);
      const start = front;
      const end = start + toLength(action, document);
      if (end > maxBytes || end > back - raw.length) return undefined;
      front += space.write(action, front);
      front += space.write(document.text, front, document.encoding);
      front = space.writeUInt8(LINE_FEED, front);
      back -= raw.length;
      raw.copy(space, back);
      return { record: { id, timeMs, raw: space.subarray(back, back + raw.length) }, bytes: space.subarray(start, end) };
    },
    clear: () => {
      front = 0;
      back = size;
    },
  };
}

const LINE_FEED = 0x0a;

function toAction({ id }: CollectedRecord): string {
  return `{"create":{"_id":${JSON.stringify(id)}}}\n`;
}

/** With both line ends. */
function toLength(action: string, { text, encoding }: EncodedDocument): number {
  return Buffer.byteLength(action) + Buffer.byteLength(text, encoding) + 1;
}
