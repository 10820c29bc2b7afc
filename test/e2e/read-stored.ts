import { parseRecord } from '../../src/pipeline/parse-record.ts';
import { childOf, isObject, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import type { TestEngine } from '../engines.ts';

/** A document as Elasticsearch holds it. */
export interface StoredDocument {
  readonly id: string;
  /** The backing index. */
  readonly index: string;
  readonly document: JsonObject;
}

const MOST = 10_000;

/** All documents of a data stream, at most 10,000; none where it does not exist. */
export async function readStored({ url, credentials }: TestEngine, dataStream: string): Promise<readonly StoredDocument[]> {
  const authorization = credentials && { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  await fetch(`${url}/${dataStream}/_refresh`, { method: 'POST', headers });
  const body = JSON.stringify({ size: MOST, track_total_hits: true, sort: ['_doc'] });
  const response = await fetch(`${url}/${dataStream}/_search?ignore_unavailable=true&allow_no_indices=true`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`searching ${dataStream}: ${response.status} ${text.slice(0, 2000)}`);
  return toHits(parseRecord(text)).map(toStored);
}

function toHits(answer: JsonValue): readonly JsonValue[] {
  const hits = childOf(answer, 'hits');
  const total = childOf(childOf(hits, 'total'), 'value');
  if (Number(total) > MOST) throw new Error(`${total} documents are more than this test can read`);
  const list = childOf(hits, 'hits');
  return Array.isArray(list) ? list : [];
}

function toStored(hit: JsonValue): StoredDocument {
  const document = childOf(hit, '_source');
  return { id: String(childOf(hit, '_id')), index: String(childOf(hit, '_index')), document: isObject(document) ? document : {} };
}
