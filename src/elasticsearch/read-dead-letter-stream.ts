import type { Elasticsearch } from './client.ts';
import type { StoredDeadLetter } from './dead-letter-line.ts';
import { DEAD_LETTER_KIND, type DeadLetterDocument, fromDeadLetterDocument } from './dead-letter-record.ts';
import { searchPages } from './search-pages.ts';

const FIELDS = ['@timestamp', 'event.reason', 'cloudflare.collector'];

/**
 * Reads the dead letters that a namespace's collector data stream holds, the oldest first.
 * @throws ElasticsearchError
 */
export async function* readDeadLetterStream(
  client: Elasticsearch,
  { dataStream, namespace }: { readonly dataStream: string; readonly namespace: string },
): AsyncGenerator<StoredDeadLetter> {
  const query = { term: { 'cloudflare.collector.kind': DEAD_LETTER_KIND } };
  for await (const { _source: document } of searchPages<DeadLetterDocument>(client, { target: dataStream, query, fields: FIELDS })) {
    const letter = fromDeadLetterDocument(document, namespace);
    if (letter !== undefined) {
      yield letter;
    }
  }
}
