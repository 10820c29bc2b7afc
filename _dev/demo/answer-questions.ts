import { renderTable } from '../../src/cli/render-table.ts';
import type { ProvidedElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';

/** A question that a user would ask, as a search. */
interface Question {
  readonly title: string;
  readonly stream: string;
  readonly body: object;
  readonly head: readonly string[];
  readonly toRows: (answer: SearchAnswer) => readonly (readonly string[])[];
}

interface Bucket {
  readonly key: string | number;
  readonly key_as_string?: string;
  readonly doc_count: number;
  readonly inner?: { readonly buckets: readonly Bucket[] };
}

interface SearchAnswer {
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly { readonly _source: Readonly<Record<string, unknown>> }[] };
  readonly aggregations?: Readonly<Record<string, { readonly buckets: readonly Bucket[] }>>;
}

const top = (field: string, size: number): object => ({ size: 0, aggs: { top: { terms: { field, size } } } });
const counts = (answer: SearchAnswer): readonly (readonly string[])[] =>
  (answer.aggregations?.top?.buckets ?? []).map(({ key, doc_count: count }) => [String(key), String(count)]);

const questions: readonly Question[] = [
  { title: 'What was done most often in the account?', stream: 'audit', body: top('event.action', 5), head: ['event.action', 'events'], toRows: counts },
  {
    title: 'Who failed to log in last?',
    stream: 'audit',
    body: {
      size: 5,
      track_total_hits: true,
      sort: [{ '@timestamp': 'desc' }],
      query: { bool: { filter: [{ term: { 'event.category': 'authentication' } }, { term: { 'event.outcome': 'failure' } }] } },
    },
    head: ['time', 'user', 'address'],
    toRows: ({ hits }) => hits.hits.map(({ _source }) => [String(_source['@timestamp']), read(_source, 'user', 'email'), read(_source, 'source', 'address')]),
  },
  {
    title: 'How did the status codes develop?',
    stream: 'logpull',
    body: {
      size: 0,
      aggs: {
        top: {
          date_histogram: { field: '@timestamp', fixed_interval: '10m', min_doc_count: 1 },
          aggs: { inner: { terms: { field: 'http.response.status_code', size: 4 } } },
        },
      },
    },
    head: ['from', 'requests', 'most frequent'],
    toRows: ({ aggregations }) =>
      (aggregations?.top?.buckets ?? []).map(({ key_as_string: time = '', doc_count: count, inner }) => [
        time.slice(0, 16),
        String(count),
        (inner?.buckets ?? []).map((bucket) => `${bucket.key}: ${bucket.doc_count}`).join(', '),
      ]),
  },
  {
    title: 'Which countries do the requests come from?',
    stream: 'logpull',
    body: top('client.geo.country_iso_code', 5),
    head: ['client.geo.country_iso_code', 'requests'],
    toRows: counts,
  },
];

/**
 * Asks the questions and shows the answers.
 * @throws Error where a search answers nothing: then the demo has not shown what it is for
 */
export async function answerQuestions(engine: ProvidedElasticsearch, show: (text: string) => void): Promise<void> {
  for (const { title, stream, body, head, toRows } of questions) {
    const rows = toRows(await search(engine, `logs-cloudflare_api.${stream}-default`, body));
    if (rows.length === 0) throw new Error(`the search for "${title}" found nothing`);
    show(`${title}\n${renderTable(head, rows)}\n`);
  }
}

async function search({ url, credentials }: ProvidedElasticsearch, dataStream: string, body: object): Promise<SearchAnswer> {
  const headers = {
    'content-type': 'application/json',
    ...(credentials && { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}` }),
  };
  await fetch(`${url}/${dataStream}/_refresh`, { method: 'POST', headers });
  const response = await fetch(`${url}/${dataStream}/_search`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`searching ${dataStream}: Elasticsearch answered ${response.status} ${await response.text()}`);
  return (await response.json()) as SearchAnswer;
}

function read(source: Readonly<Record<string, unknown>>, ...path: readonly string[]): string {
  const value = path.reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], source);
  return value === undefined ? '-' : String(value);
}
