import type { FindExisting, OpenWriter, Writer } from './ports.ts';

interface AbsentWriterOptions {
  readonly openWriter: OpenWriter;
  readonly findExisting: FindExisting;
  /** Which of these ids are dead-lettered where a second send would keep a second copy. */
  readonly findKept: FindExisting;
}

/**
 * Opens writers that send only what the data stream does not hold yet, in any of its backing indices; the rest counts as duplicate. Ids are unique inside one
 * backing index only: what live collection stored before a rollover would be stored again.
 */
export function openAbsentWriter({ openWriter, findExisting, findKept }: AbsentWriterOptions): OpenWriter {
  return (partition, signal): Writer => {
    const writer = openWriter(partition, signal);
    let stored = 0;
    let dead = 0;
    return {
      add: async (records) => {
        const existing = await findExisting(
          partition,
          records.map(({ id }) => id),
        );
        const absent = records.filter(({ id }) => !existing.has(id));
        stored += records.length - absent.length;
        if (absent.length === 0) return;
        const kept = await findKept(
          partition,
          absent.map(({ id }) => id),
        );
        const missing = absent.filter(({ id }) => !kept.has(id));
        dead += absent.length - missing.length;
        if (missing.length > 0) await writer.add(missing);
      },
      settle: async () => {
        const outcomes = await writer.settle();
        return { ...outcomes, read: outcomes.read + stored + dead, duplicate: outcomes.duplicate + stored, dead: outcomes.dead + dead };
      },
      abandon: () => writer.abandon(),
    };
  };
}
