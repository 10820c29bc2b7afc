import type { StoredDeadLetter } from '../../src/elasticsearch/dead-letter-line.ts';

/** A dead letter of the stream `audit`, with a small record. */
export function toLetter(id: string, given: Partial<StoredDeadLetter> = {}): StoredDeadLetter {
  return {
    time: '2026-11-21T00:00:00.000Z',
    connection: 'main',
    namespace: 'n',
    stream: 'audit',
    source: 'v1',
    scope_id: 'a',
    id,
    status: 400,
    reason: 'why',
    raw: Buffer.from(`{"id":"${id}"}`),
    ...given,
  };
}
