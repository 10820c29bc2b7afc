import type { CollectedRecord, Gap, OpenWriter, Partition, WriteGap } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
import { toDocumentId } from '../pipeline/document-id.ts';

/** The declared data stream that the collector itself writes to. */
export const COLLECTOR_STREAM = 'collector';

interface WriteGapOptions {
  readonly now: () => Date;
  /** Version of this program. */
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Makes the record of a gap; the same gap has the same id, so a second try stores no second record. */
export function toGapRecord({ partition, window, reason }: Gap, { now, version }: Pick<WriteGapOptions, 'now' | 'version'>): CollectedRecord {
  const { connection, stream, source, scopeId } = partition;
  const time = now();
  const since = new Date(window.since).toISOString();
  const before = new Date(window.before).toISOString();
  const message = `${stream} from ${since} to ${before} is lost: ${reason}`;
  const raw = Buffer.from(
    JSON.stringify({
      kind: 'gap',
      time: time.toISOString(),
      version,
      connection,
      stream,
      source,
      scope_id: scopeId,
      window: { since, before },
      reason,
      message,
    }),
  );
  const id = toDocumentId({ source: COLLECTOR_STREAM, scopeId, timeMs: window.since, parts: ['gap', connection, stream, source, since, before], raw });
  return { id, timeMs: time.getTime(), raw };
}

/**
 * Makes the function that writes gaps into the `collector` data stream of the partition's namespace, through the same
 * writer and in the same wire form as events. It resolves when the gap is stored, or was before.
 * @throws ElasticsearchError when Elasticsearch does not take it
 */
export function createWriteGap(openWriter: OpenWriter, options: WriteGapOptions): WriteGap {
  return async (gap) => {
    const target: Partition = { ...gap.partition, stream: COLLECTOR_STREAM, source: COLLECTOR_STREAM };
    const writer = openWriter(target, options.signal);
    await writer.add([toGapRecord(gap, options)]);
    const { created, duplicate } = await writer.settle();
    if (created + duplicate !== 1) {
      throw new ElasticsearchError(`writing the gap of ${gap.partition.stream} to ${COLLECTOR_STREAM}: Elasticsearch did not take it`, {
        hint: 'Read the reason in the dead letters, mend its cause, and run the same command again.',
      });
    }
  };
}
