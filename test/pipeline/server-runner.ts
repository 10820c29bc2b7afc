import type { StreamDefinition } from '../../src/definition/definition.ts';
import { toPipeline } from '../../src/pipeline/elasticsearch/to-pipeline.ts';
import type { Envelope } from '../../src/pipeline/local/compile-runner.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import type { JsonObject, JsonValue } from '../../src/pipeline/value.ts';

/** A stored document, or why Elasticsearch refused it, or that its pipeline dropped it. */
export interface Stored {
  readonly id: string;
  readonly document: JsonObject | undefined;
  readonly refusal: JsonValue | undefined;
  readonly dropped?: boolean;
}

/** A stream's pipeline on a real engine. */
export interface ServerRunner {
  /** Indexes the events through the pipeline and reads them back, in their order. */
  run(envelopes: readonly Envelope[]): Promise<readonly Stored[]>;
  /** How many events each `drop` processor has dropped so far, by name of its rule, as Elasticsearch counts them. */
  countDrops(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

interface NodeStats {
  readonly nodes: Readonly<
    Record<
      string,
      { readonly ingest: { readonly pipelines: Readonly<Record<string, { readonly processors: readonly Record<string, { stats: { count: number } }>[] }>> } }
    >
  >;
}

const BATCH = 500;

/** Stores a stream's pipeline under `name`, with an index of the same name that takes any document. */
export async function openServerRunner(engine: { readonly url: string }, name: string, stream: StreamDefinition): Promise<ServerRunner> {
  const call = openCaller(engine.url);
  await call('PUT', `_ingest/pipeline/${name}`, JSON.stringify(toPipeline(stream, { packageName: 'cloudflare_api', version: '0.1.0' })));
  await call('PUT', name, JSON.stringify({ mappings: { enabled: false }, settings: { number_of_shards: 1, number_of_replicas: 0 } }));
  const runBatch = async (envelopes: readonly Envelope[]): Promise<readonly Stored[]> => {
    const lines = envelopes.map((envelope) => `{"index":{}}\n${JSON.stringify(envelope)}\n`).join('');
    const answer = (await call('POST', `${name}/_bulk?pipeline=${name}`, lines)) as { items: { index: { _id: string; result?: string; error?: JsonValue } }[] };
    const items = answer.items.map(({ index }) => index);
    const found = (await call('POST', `${name}/_mget`, JSON.stringify({ ids: items.map(({ _id }) => _id) }))) as { docs: { _source?: JsonObject }[] };
    return items.map(({ _id, result, error }, index) =>
      result === 'noop'
        ? { id: _id, document: undefined, refusal: undefined, dropped: true }
        : { id: _id, document: found.docs[index]?._source, refusal: error },
    );
  };
  return {
    run: async (envelopes) => {
      const stored = new Map<number, Stored>();
      let pending = [...envelopes.keys()];
      while (pending.length > 0) {
        const batch = pending.slice(0, BATCH);
        const results = await runBatch(batch.map((index) => envelopes[index] as Envelope));
        const last = new Map(results.flatMap(({ id, dropped }, position) => (dropped ? [] : [[id, position]])));
        // An event that a later one of the same id overwrote goes again.
        const overwritten = batch.filter((_, position) => !results[position]?.dropped && last.get(results[position]?.id ?? '') !== position);
        for (const [position, index] of batch.entries()) stored.set(index, results[position] as Stored);
        pending = [...pending.slice(BATCH), ...overwritten];
      }
      return envelopes.map((_, index) => stored.get(index) as Stored);
    },
    countDrops: async () => {
      const { nodes } = (await call('GET', '_nodes/stats/ingest')) as unknown as NodeStats;
      const counted = Object.values(nodes).flatMap(({ ingest }) => ingest.pipelines[name]?.processors ?? []);
      const drops = counted.flatMap((processor) => Object.entries(processor)).filter(([key]) => key.startsWith('drop:drop_'));
      return Object.fromEntries(drops.map(([key, { stats }]) => [key.slice('drop:drop_'.length), stats.count]));
    },
    close: async () => {
      await call('DELETE', name);
      await call('DELETE', `_ingest/pipeline/${name}`);
    },
  };
}

function openCaller(address: string): (method: string, path: string, body?: string) => Promise<JsonValue> {
  const { username, password, href } = new URL(address);
  const authorization = username === '' ? {} : { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const base = href.replace(`${username}:${password}@`, '').replace(/\/?$/, '/');
  return async (method, path, body) => {
    const response = await fetch(base + path, { method, headers: { 'content-type': 'application/json', ...authorization }, ...(body && { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2000)}`);
    return parseRecord(text);
  };
}
