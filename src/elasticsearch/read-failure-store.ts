import type { Elasticsearch } from './client.ts';
import type { StoredDeadLetter } from './dead-letter-line.ts';
import { searchPages } from './search-pages.ts';

/** A document of the failure store, as far as it is asked for. `document.source` is what was sent where the pipeline failed, what the pipeline made where the mapping did. */
interface FailureDocument {
  readonly '@timestamp'?: string;
  readonly document?: {
    readonly id?: string;
    readonly source?: { readonly message?: unknown; readonly _conf?: { readonly source?: string; readonly account_id?: string; readonly zone_id?: string } };
  };
  readonly error?: { readonly type?: string; readonly message?: string };
}

/** A letter of a failure store; `isWhole` where the record itself is in it and the id under which it was sent. */
export interface FailureLetter {
  readonly letter: StoredDeadLetter;
  readonly isWhole: boolean;
}

/** A data stream, and the connection whose settings its events are sent with. */
export interface FailureTarget {
  readonly dataStream: string;
  readonly connection: string;
  readonly namespace: string;
  readonly stream: string;
}

const FIELDS = ['@timestamp', 'document.id', 'document.source.message', 'document.source._conf', 'error.type', 'error.message'];

/**
 * Reads what the data stream's failure store holds, the oldest first; nothing where it has none.
 * @throws ElasticsearchError
 */
export async function* readFailureStore(client: Elasticsearch, { dataStream, ...target }: FailureTarget): AsyncGenerator<FailureLetter> {
  const search = { target: `${dataStream}::failures`, query: { match_all: {} }, fields: FIELDS };
  for await (const { _id, _source: source } of searchPages<FailureDocument>(client, search)) {
    const { '@timestamp': time = '', document, error } = source;
    const { message, _conf: conf } = document?.source ?? {};
    const isWhole = typeof message === 'string' && conf !== undefined && document?.id !== undefined;
    const reason = [error?.type, error?.message].filter((part) => part !== undefined && part !== '').join(': ');
    const letter: StoredDeadLetter = {
      time,
      ...target,
      source: conf?.source ?? '',
      scope_id: conf?.account_id ?? conf?.zone_id ?? '',
      id: document?.id ?? _id,
      status: 201,
      reason,
      raw: Buffer.from(isWhole ? message : ''),
    };
    yield { letter, isWhole };
  }
}
