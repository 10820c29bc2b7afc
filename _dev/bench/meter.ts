import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import type { WireEvent } from './draw-events.ts';

/** The ingest clock of one pipeline; `processors` are those of its top level, in order. */
export interface PipelineClock {
  readonly count: number;
  readonly millis: number;
  readonly processors: readonly { readonly name: string; readonly count: number; readonly millis: number }[];
}

/** What measures on one engine. */
export interface Meter {
  putPipeline(name: string, body: string): Promise<void>;
  /** Sends events through a pipeline (`_none` for none), and drops or indexes them. @throws Error where an event is refused */
  bulk(lines: string, pipeline: string, options: { readonly drop: boolean }): Promise<void>;
  /** How many of some events come out of a pipeline with an error, or not at all. */
  countFailing(events: readonly WireEvent[], pipeline: string): Promise<number>;
  /** Makes the index anew, so that no round pays for the documents of another. */
  clearIndex(): Promise<void>;
  /** CPU milliseconds of the node's process. */
  readCpu(): Promise<number>;
  readClocks(): Promise<Readonly<Record<string, PipelineClock>>>;
  /** Removes pipelines and index. */
  close(): Promise<void>;
}

interface Simulated {
  readonly error?: unknown;
  /** Null where the pipeline drops the event. */
  readonly doc?: { readonly _source: { readonly error?: unknown } } | null;
}

interface NodeStats {
  readonly process?: { readonly cpu: { readonly total_in_millis: number } };
  readonly ingest?: { readonly pipelines: Readonly<Record<string, RawClock>> };
}

interface RawClock {
  readonly count: number;
  readonly time_in_millis: number;
  readonly processors: readonly Readonly<Record<string, { readonly stats: { readonly count: number; readonly time_in_millis: number } }>>[];
}

/** Ends the name of a pipeline that calls another and drops its event. */
const DROPPED = '-dropped';

/** Opens a meter that keeps its documents in an index of that name, unmapped and without replicas. */
export function openMeter(address: EngineAddress, index: string): Meter {
  const call = openCaller(address);
  const stored: string[] = [];
  const readStats = async (path: string): Promise<readonly NodeStats[]> => {
    const { nodes } = (await call('GET', `/_nodes/stats/${path}`)) as { readonly nodes: Readonly<Record<string, NodeStats>> };
    return Object.values(nodes);
  };
  return {
    putPipeline: async (name, body) => {
      await call('PUT', `/_ingest/pipeline/${name}`, body);
      await call('PUT', `/_ingest/pipeline/${name}${DROPPED}`, JSON.stringify({ processors: [{ pipeline: { name } }, { drop: {} }] }));
      stored.push(name, `${name}${DROPPED}`);
    },
    bulk: async (lines, pipeline, { drop }) => {
      const name = drop ? `${pipeline}${DROPPED}` : pipeline;
      const answer = (await call('POST', `/${index}/_bulk?pipeline=${name}&filter_path=errors,items.*.error`, lines)) as { errors: boolean };
      if (answer.errors) throw new Error(`Elasticsearch refused events of ${pipeline}: ${JSON.stringify(answer).slice(0, 500)}`);
    },
    countFailing: async (events, pipeline) => {
      const body = JSON.stringify({ docs: events.map((_source) => ({ _source })) });
      const { docs } = (await call('POST', `/_ingest/pipeline/${pipeline}/_simulate`, body)) as { docs: readonly Simulated[] };
      return docs.filter(({ error, doc }) => error !== undefined || doc?._source.error !== undefined).length;
    },
    clearIndex: async () => {
      await call('DELETE', `/${index}?ignore_unavailable=true`);
      const settings = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '-1', 'translog.durability': 'async' };
      await call('PUT', `/${index}`, JSON.stringify({ settings, mappings: { enabled: false } }));
    },
    readCpu: async () => (await readStats('process?filter_path=nodes.*.process.cpu.total_in_millis')).reduce((sum, node) => sum + toCpu(node), 0),
    readClocks: async () => toClocks(await readStats('ingest?filter_path=nodes.*.ingest.pipelines')),
    close: async () => {
      await call('DELETE', `/${index}?ignore_unavailable=true`);
      for (const name of stored.splice(0).reverse()) await call('DELETE', `/_ingest/pipeline/${name}`);
    },
  };
}

/** Bulk bodies of at most `size` events each. */
export function toBulks(events: readonly WireEvent[], size: number): readonly string[] {
  const lines = events.map((event) => `{"index":{}}\n${JSON.stringify(event)}\n`);
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) => lines.slice(at * size, (at + 1) * size).join(''));
}

function toCpu({ process }: NodeStats): number {
  return process?.cpu.total_in_millis ?? 0;
}

function toClocks(nodes: readonly NodeStats[]): Readonly<Record<string, PipelineClock>> {
  const clocks: Record<string, PipelineClock> = {};
  for (const { ingest } of nodes) {
    for (const [name, { count, time_in_millis: millis, processors }] of Object.entries(ingest?.pipelines ?? {})) {
      const before = clocks[name] ?? { count: 0, millis: 0 };
      const own = processors.flatMap((one) => Object.entries(one)).map(([key, { stats }]) => ({ name: key, count: stats.count, millis: stats.time_in_millis }));
      clocks[name] = { count: before.count + count, millis: before.millis + millis, processors: own };
    }
  }
  return clocks;
}

function openCaller({ url, credentials }: EngineAddress): (method: string, path: string, body?: string) => Promise<unknown> {
  const login = credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const headers = { 'content-type': 'application/json', ...(login && { authorization: `Basic ${login}` }) };
  return async (method, path, body) => {
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
}
