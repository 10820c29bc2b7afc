import type { CollectedRecord, FindExisting, Gap, OpenWriter, Outcomes, ReadGeneration, WriteGap } from '../../src/collect/ports.ts';

/** A data stream in memory, with what matters of Elasticsearch: an id is unique in the backing index that takes writes, and only there. */
export interface Cluster {
  readonly openWriter: OpenWriter;
  readonly readGeneration: ReadGeneration;
  readonly findExisting: FindExisting;
  readonly writeGap: WriteGap;
  readonly gaps: readonly Gap[];
  /** Each id as often as it is stored, sorted. */
  stored(): readonly string[];
  rollover(): void;
}

interface ClusterOptions {
  /** Records of one bulk request. @default 3 */
  readonly bulkSize?: number;
  /** Called before and after each bulk request. */
  readonly around?: (name: string) => void;
}

/** Makes an empty cluster; ids that begin with `dead` and `drop` end that way. */
export function createCluster({ bulkSize = 3, around = () => {} }: ClusterOptions = {}): Cluster {
  const generations: Set<string>[] = [];
  const gaps: Gap[] = [];
  const create = ({ id }: CollectedRecord): Exclude<keyof Outcomes, 'read' | 'droppedBy'> => {
    if (id.startsWith('dead')) return 'dead';
    if (id.startsWith('drop')) return 'dropped';
    if (generations.length === 0) generations.push(new Set());
    const newest = generations.at(-1) as Set<string>;
    if (newest.has(id)) return 'duplicate';
    newest.add(id);
    return 'created';
  };
  const openWriter: OpenWriter = (_partition, signal) => {
    const outcomes = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 };
    let batch: CollectedRecord[] = [];
    const send = async (): Promise<void> => {
      signal.throwIfAborted();
      around('bulk');
      for (const record of batch) outcomes[create(record)] += 1;
      batch = [];
      around('bulk');
    };
    return {
      add: async (records) => {
        for (const record of records) {
          outcomes.read += 1;
          batch.push(record);
          if (batch.length === bulkSize) await send();
        }
      },
      settle: async () => {
        if (batch.length > 0) await send();
        return { ...outcomes };
      },
      abandon: async () => {
        batch = [];
      },
    };
  };
  return {
    openWriter,
    readGeneration: async () => (generations.length === 0 ? undefined : `backing-${generations.length}`),
    findExisting: async (_partition, ids) => new Set(ids.filter((id) => generations.some((generation) => generation.has(id)))),
    writeGap: async (gap) => {
      gaps.push(gap);
    },
    gaps,
    stored: () => generations.flatMap((generation) => [...generation]).sort(),
    rollover: () => {
      if (generations.length > 0) generations.push(new Set());
    },
  };
}
