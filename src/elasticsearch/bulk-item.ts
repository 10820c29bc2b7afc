/** One item of a bulk answer, as far as it is asked for. */
export interface BulkItem {
  readonly status: number;
  /** `created`, or `noop` where the pipeline dropped the document. */
  readonly result?: string;
  /** `used` where the document was not indexed but kept in the failure store. */
  readonly failure_store?: string;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

/** How one item ended. `retry` may succeed later; `stop` is about the data stream, not the record, and needs a person. */
export interface ItemOutcome {
  readonly kind: 'created' | 'duplicate' | 'dropped' | 'dead' | 'retry' | 'stop';
  readonly status: number;
  /** Why, where it was not created. */
  readonly reason: string;
}

/** Deterministic failures of a document that Elasticsearch reports as 500: sending them again changes nothing. */
const DOCUMENT_FAILURES: ReadonlySet<string> = new Set([
  'fail_processor_exception',
  'ingest_processor_exception',
  'script_exception',
  'grok_exception',
  'not_x_content_exception',
]);

/** Refusals that would hit every record alike: dead letters would only hide them. */
const STREAM_FAILURES: ReadonlySet<string> = new Set(['security_exception', 'index_not_found_exception', 'index_closed_exception', 'cluster_block_exception']);

const STREAM_REASONS = /^(pipeline with id \[.*\] does not exist$|data stream could not be created )/;

function toRefusedKind(status: number, type: string, reason: string): ItemOutcome['kind'] {
  if (status === 429) {
    return 'retry';
  }
  if (status >= 500) {
    return DOCUMENT_FAILURES.has(type) ? 'dead' : 'retry';
  }
  return STREAM_FAILURES.has(type) || STREAM_REASONS.test(reason) ? 'stop' : 'dead';
}

/** Tells how one item of a bulk answer ended; `failure_store` counts before the status, which is 201 there. */
export function toItemOutcome(item: BulkItem): ItemOutcome {
  const { status } = item;
  if (item.failure_store === 'used') {
    return { kind: 'dead', status, reason: 'kept in the failure store of the data stream' };
  }
  if (status < 300) {
    return item.result === 'noop' ? { kind: 'dropped', status, reason: 'dropped by the ingest pipeline' } : { kind: 'created', status, reason: '' };
  }
  const type = item.error?.type ?? '';
  const reason = item.error?.reason ?? '';
  if (status === 409) {
    return { kind: 'duplicate', status, reason };
  }
  return { kind: toRefusedKind(status, type, reason), status, reason: [type, reason].filter((part) => part !== '').join(': ') };
}
