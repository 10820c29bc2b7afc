import type { CollectedRecord } from '../collect/ports.ts';
import { ElasticsearchError } from '../errors.ts';
import type { BulkItem } from './bulk-item.ts';
import type { Elasticsearch } from './client.ts';
import { isRetryableStatus, toRefusal, toRefusedError } from './to-elasticsearch-error.ts';

/** One record ready to be sent. */
export interface BulkEntry {
  readonly record: CollectedRecord;
  /** Action and document, each with its line end. */
  readonly bytes: Buffer;
}

/** What came of one bulk request. */
export type BulkAnswer =
  /** One item for each entry, in their order. */
  | { readonly kind: 'items'; readonly items: readonly BulkItem[] }
  /** Refused as a whole because of what it holds: too large, or one line that cannot be parsed. */
  | { readonly kind: 'split'; readonly status: number; readonly reason: string }
  /** Refused as a whole for now; `sent` tells whether Elasticsearch may have acted on it all the same. */
  | { readonly kind: 'refused'; readonly error: ElasticsearchError; readonly sent: boolean };

/** Where and how to send. */
export interface BulkTarget {
  readonly client: Elasticsearch;
  readonly dataStream: string;
  /** `edge`: the documents are complete, no pipeline runs. */
  readonly pipeline: 'server' | 'edge';
}

const FILTER = ['errors', 'items.*.status', 'items.*.result', 'items.*.failure_store', 'items.*.error.type', 'items.*.error.reason'].join(',');

/** 8.19 answers 500 where a line of the body is no JSON. */
const UNREADABLE: ReadonlySet<string> = new Set(['not_x_content_exception']);

interface BulkBody {
  readonly items?: readonly Readonly<Record<string, BulkItem>>[];
}

function toItems(attempt: string, body: BulkBody, count: number): readonly BulkItem[] {
  const items = (body.items ?? []).flatMap((item) => Object.values(item));
  if (items.length !== count) {
    throw new ElasticsearchError(`${attempt}: Elasticsearch answered with ${items.length} items`, {
      hint: 'Look for a proxy between the collector and Elasticsearch that changes answers.',
      retryable: true,
    });
  }
  return items;
}

/**
 * Sends the entries in one request. Its answer is cut down to what tells how each item ended.
 * @throws ElasticsearchError where Elasticsearch refuses for good: credentials, privileges, address
 * @throws InterruptedError when the signal fired
 */
export async function sendBulk({ client, dataStream, pipeline }: BulkTarget, entries: readonly BulkEntry[], signal: AbortSignal): Promise<BulkAnswer> {
  const attempt = `writing ${entries.length} records to ${dataStream}`;
  try {
    const { status, body } = await client.request<BulkBody>({
      attempt,
      method: 'POST',
      path: `/${encodeURIComponent(dataStream)}/_bulk`,
      query: { require_data_stream: true, filter_path: `${FILTER},error,status`, ...(pipeline === 'edge' ? { pipeline: '_none' } : {}) },
      body: join(entries),
      allow: 'any',
      signal,
    });
    return toAnswer(attempt, status, body, entries.length);
  } catch (error) {
    if (error instanceof ElasticsearchError && error.retryable) {
      return { kind: 'refused', error, sent: true };
    }
    throw error;
  }
}

/** Entries that lie one behind the other are sent as they lie there. */
function join(entries: readonly BulkEntry[]): Buffer {
  const parts = entries.map(({ bytes }) => bytes);
  const [first] = parts;
  if (first === undefined) return Buffer.alloc(0);
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of parts) {
    if (buffer !== first.buffer || byteOffset !== end) return Buffer.concat(parts);
    end += length;
  }
  return Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset);
}

function toAnswer(attempt: string, status: number, body: BulkBody, count: number): BulkAnswer {
  if (status < 300) {
    return { kind: 'items', items: toItems(attempt, body, count) };
  }
  const { type, reason } = toRefusal(body);
  const unreadable = type !== undefined && (status === 400 || UNREADABLE.has(type));
  if (status === 413 || unreadable) {
    return { kind: 'split', status, reason: [type, reason].filter((part) => part !== undefined && part !== '').join(': ') };
  }
  if (isRetryableStatus(status)) {
    return { kind: 'refused', error: toRefusedError(attempt, status, body), sent: status !== 429 };
  }
  throw toRefusedError(attempt, status, body);
}
