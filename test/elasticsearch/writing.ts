import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CollectedRecord, Partition, Writer } from '../../src/collect/ports.ts';
import { type BulkWriterOptions, openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import { type Elasticsearch, openElasticsearch } from '../../src/elasticsearch/client.ts';
import { type DeadLetters, openDeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { createServerEncode } from '../../src/elasticsearch/encode.ts';
import type { ElasticsearchCredential } from '../../src/settings/settings.ts';

/** A partition of the stream `s`, namespace `n`. */
export const partition: Partition = {
  connection: 'main',
  namespace: 'n',
  stream: 's',
  source: 'v1',
  scopeId: 'a',
  intervalMs: 60_000,
  initialIntervalMs: 60_000,
};

/** Something to wait for until it is opened. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** Makes a closed gate. */
export function createGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** A record whose raw text is `{"n":ID}`, or the bytes given. */
export function toRecord(id: string, raw: Buffer | string = `{"n":"${id}"}`): CollectedRecord {
  return { id, timeMs: 0, raw: Buffer.from(raw) };
}

/** Opens a client with default settings. */
export function openClient(url: string, credential: ElasticsearchCredential = { kind: 'none' }, timeoutMs = 30_000): Promise<Elasticsearch> {
  const ssl = { certificateAuthorities: [], verification: 'full' as const };
  return openElasticsearch({ url, credential, pipeline: 'server', ssl }, { userAgent: 'cloudflare-integration/test', timeoutMs });
}

/** For tests in which nothing may be put aside: a letter fails the write with its reason. */
export const noDeadLetters: DeadLetters = {
  append: ({ reason }) => Promise.reject(new Error(`no dead letter expected: ${reason}`)),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** A writer with a clock that never really waits. */
export interface Writing {
  readonly writer: Writer;
  /** Opens the writer of the partition's next window. */
  readonly openNext: () => Writer;
  /** Every pause so far, in milliseconds. */
  readonly pauses: readonly number[];
  /** Stops it, as a signal to the process would. */
  readonly interrupt: () => void;
  /** The file of dead letters as objects. */
  readonly readDead: () => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

type Overrides = Partial<BulkWriterOptions> & { readonly maxDeadBytes?: number; readonly onSleep?: () => void };

/** Opens a writer into `logs-p.s-n`. */
export async function openWriting(url: string, { maxDeadBytes, onSleep, ...overrides }: Overrides = {}): Promise<Writing> {
  const folder = await mkdtemp(join(tmpdir(), 'writing-'));
  const path = join(folder, 'state', 'dead-letters.ndjson');
  const deadLetters = openDeadLetters(path, { now: () => new Date(0), ...(maxDeadBytes === undefined ? {} : { maxBytes: maxDeadBytes }) });
  const client = overrides.client ?? (await openClient(url));
  const pauses: number[] = [];
  let time = 0;
  const clock = {
    now: () => time,
    random: () => 0.5,
    sleep: async (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      time += ms;
      onSleep?.();
      signal.throwIfAborted();
    },
  };
  const controller = new AbortController();
  const open = openBulkWriter({
    client,
    dataStreamOf: () => 'logs-p.s-n',
    encodeOf: () => createServerEncode({ conf: { source: 'v1' }, tags: ['forwarded'] }),
    pipeline: 'server',
    deadLetters,
    clock,
    // Most tests count requests; looking is tested on its own.
    looksForKept: false,
    ...overrides,
  });
  return {
    writer: open(partition, controller.signal),
    openNext: () => open(partition, controller.signal),
    pauses,
    interrupt: () => controller.abort(),
    readDead: async () => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    close: async () => {
      await deadLetters.close();
      await client.close();
      await rm(folder, { recursive: true });
    },
  };
}
