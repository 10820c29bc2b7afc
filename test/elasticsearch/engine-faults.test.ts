import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Outcomes } from '../../src/collect/ports.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { createEdgeEncode, createServerEncode } from '../../src/elasticsearch/encode.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';
import { openWriting, toRecord } from './writing.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

/** Whether the version's own settings for logs switch the failure store on. */
const onByDefault = !engine.version.startsWith('8.');

interface EngineFault {
  readonly name: string;
  readonly record: string;
  /** Of the whole window: the record between two that are well. */
  readonly ends: Exclude<keyof Outcomes, 'read'>;
  /** Status of the dead letter without failure store; with one it is 201. */
  readonly status?: number;
}

const faults: readonly EngineFault[] = [
  { name: 'mapping conflict', record: '{"n":"no long"}', ends: 'dead', status: 400 },
  { name: 'object where a value is expected', record: '{"n":{"a":1}}', ends: 'dead', status: 400 },
  { name: 'failing processor', record: '{"act":"fail"}', ends: 'dead', status: 500 },
  { name: 'failing script', record: '{"act":"throw"}', ends: 'dead', status: 400 },
  { name: 'no timestamp', record: '{"act":"untimed"}', ends: 'dead', status: 400 },
  { name: 'record that the pipeline drops', record: '{"act":"drop"}', ends: 'dropped' },
  { name: 'record that is there already', record: '{"n":1}', ends: 'duplicate' },
];

const processors = [
  { json: { field: 'message', add_to_root: true } },
  { set: { field: '@timestamp', value: '2026-01-01T00:00:00Z', if: "ctx.act != 'untimed'" } },
  { drop: { if: "ctx.act == 'drop'" } },
  { fail: { if: "ctx.act == 'fail'", message: 'told to fail' } },
  { script: { if: "ctx.act == 'throw'", source: "throw new IllegalArgumentException('thrown')" } },
  { remove: { field: ['message', '_conf', 'tags', 'act'], ignore_missing: true } },
];

let client: Elasticsearch;
let name: string;
let dataStream: string;

/** Without a choice: as the version's own settings for logs have it, which every template of the package takes in. */
async function makeStream(failureStore: boolean | undefined): Promise<void> {
  await send(client, 'PUT', `/_ingest/pipeline/${name}`, { processors });
  await send(client, 'PUT', `/_index_template/${name}`, {
    index_patterns: [`logs-${name}.*`],
    priority: 500,
    data_stream: {},
    composed_of: failureStore === undefined ? ['logs@settings'] : [],
    template: {
      settings: { 'index.default_pipeline': name, 'index.mapping.ignore_malformed': false },
      mappings: { dynamic: false, properties: { '@timestamp': { type: 'date' }, n: { type: 'long' } } },
      ...(failureStore === undefined ? {} : { data_stream_options: { failure_store: { enabled: failureStore } } }),
    },
  });
}

/** Each call is a process of its own: it knows nothing of earlier ones. */
async function write(ids: readonly (readonly [id: string, raw: string])[]) {
  const writing = await openWriting(engine.url, {
    client: await openEngineClient(engine),
    dataStreamOf: () => dataStream,
    encodeOf: () => createServerEncode({ conf: {}, tags: [] }),
    looksForKept: true,
  });
  try {
    await writing.writer.add(ids.map(([id, raw]) => toRecord(id, raw)));
    return { outcomes: await writing.writer.settle(), dead: await writing.readDead() };
  } finally {
    await writing.close();
  }
}

async function countFailures(): Promise<number> {
  const path = `/${dataStream}::failures`;
  await client.request({ attempt: 'refresh', method: 'POST', path: `${path}/_refresh`, allow: 'any' });
  const { body, status } = await client.request<{ count?: number }>({ attempt: 'count', method: 'GET', path: `${path}/_count`, allow: 'any' });
  return status === 200 ? (body.count ?? 0) : 0;
}

function toWanted({ ends, status }: EngineFault, isKept: boolean): object {
  const by = ends === 'dropped' ? { droppedBy: { 'ingest pipeline': 1 } } : {};
  const outcomes = { read: 3, created: 2, duplicate: 0, dead: 0, dropped: 0, [ends]: 1, ...by };
  if (ends !== 'dead') return { outcomes, status: undefined, failures: 0 };
  return { outcomes, status: isKept ? 201 : status, failures: isKept ? 1 : 0 };
}

describeEngine(`every fault that Elasticsearch ${engine.version} can make of a bulk`, () => {
  beforeAll(async () => {
    client = await openEngineClient(engine);
  });

  beforeEach(() => {
    name = toUniqueName('fault');
    dataStream = `logs-${name}.s-n`;
  });

  afterEach(async () => {
    for (const path of [`/_data_stream/logs-${name}.*`, `/_index_template/${name}`, `/_ingest/pipeline/${name}`]) {
      await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
    }
  });

  afterAll(() => client.close());

  it.each([
    [`as the version has it (${onByDefault ? 'on' : 'off'})`, undefined],
    ['on', true],
    ['off', false],
  ])('failure store %s', async (_what, failureStore) => {
    const isKept = failureStore ?? onByDefault;
    await makeStream(failureStore);
    await write([['known', '{"n":1}']]);
    const table: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const [index, fault] of faults.entries()) {
      const id = fault.ends === 'duplicate' ? 'known' : `faulty${index}`;
      const before = await countFailures();
      const { outcomes, dead } = await write([
        [`before${index}`, '{"n":1}'],
        [id, fault.record],
        [`after${index}`, '{"n":2}'],
      ]);
      table[fault.name] = { outcomes, status: dead[0]?.status, failures: (await countFailures()) - before };
      wanted[fault.name] = toWanted(fault, isKept);
    }
    expect(table).toEqual(wanted);
    const failures = await countFailures();
    const again = await write(faults.map(({ record }, index) => [`faulty${index}`, record] as const));
    expect(again.outcomes).toMatchObject({ dead: 5, dropped: 1 });
    expect(await countFailures()).toBe(failures);
  });

  it('a document larger than the engine takes is put aside alone', async () => {
    await makeStream(false);
    const answer = await client.request<{ nodes: Record<string, { http: { max_content_length_in_bytes: number } }> }>({
      attempt: 'asking for the limit',
      method: 'GET',
      path: '/_nodes/http',
    });
    const [limit = 0] = Object.values(answer.body.nodes).map(({ http }) => http.max_content_length_in_bytes);
    expect(limit).toBeGreaterThan(0);
    const writing = await openWriting(engine.url, {
      client: await openEngineClient(engine),
      dataStreamOf: () => dataStream,
      pipeline: 'edge',
      encodeOf: () => createEdgeEncode(({ id }) => `{"@timestamp":"2026-01-01T00:00:00Z","n":1,"x":"${id === 'huge' ? 'x'.repeat(limit) : ''}"}`),
    });
    try {
      await writing.writer.add(['a', 'huge', 'b'].map((id) => toRecord(id)));
      expect(await writing.writer.settle()).toMatchObject({ created: 2, dead: 1 });
      expect(await writing.readDead()).toMatchObject([{ id: 'huge', status: 413 }]);
    } finally {
      await writing.close();
    }
  });
});
