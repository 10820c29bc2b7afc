import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CollectedRecord } from '../../src/collect/ports.ts';
import { openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { readClusterId } from '../../src/elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../../src/elasticsearch/data-stream-name.ts';
import { createEdgeEncode, createServerEncode } from '../../src/elasticsearch/encode.ts';
import { createFindExisting } from '../../src/elasticsearch/existing-ids.ts';
import { createWriteGap } from '../../src/elasticsearch/gap-writer.ts';
import { createReadGeneration } from '../../src/elasticsearch/generation.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';
import { type StandIn, startStandIn } from './stand-in.ts';
import { noDeadLetters, openWriting, partition, toRecord, type Writing } from './writing.ts';

const plain = await engineOrSkip();
const ingest = await engineOrSkip({ ingest: true });
const dataStreamOf = () => dataStream;

/** New for each test: an engine without the `_data_stream` API cannot delete what a test made. */
let name: string;
let dataStream: string;

let client: Elasticsearch;
let writings: Writing[] = [];

/** Opens its own client, which `close` ends. */
async function openWriter(overrides: Parameters<typeof openWriting>[1] = {}): Promise<Writing> {
  const writing = await openWriting(plain.engine.url, { client: await openEngineClient(plain.engine), dataStreamOf, ...overrides });
  writings.push(writing);
  return writing;
}

async function write(records: readonly CollectedRecord[], overrides?: Parameters<typeof openWriting>[1]) {
  const { writer, readDead } = await openWriter(overrides);
  await writer.add(records);
  const outcomes = await writer.settle();
  return { outcomes, dead: await readDead() };
}

async function makeStream(failureStore: boolean, settings: object = {}): Promise<void> {
  await send(client, 'PUT', `/_index_template/${name}`, {
    index_patterns: [`logs-${name}.*`],
    priority: 500,
    data_stream: {},
    template: {
      settings,
      mappings: { dynamic: false, properties: { '@timestamp': { type: 'date' }, n: { type: 'long' } } },
      data_stream_options: { failure_store: { enabled: failureStore } },
    },
  });
}

/** The documents themselves are sent: nothing needs a pipeline. */
const asIs = { pipeline: 'edge' as const, encodeOf: () => createEdgeEncode(({ raw }) => raw.toString()) };
const toEvent = (id: string, n: unknown = 1): CollectedRecord => toRecord(id, JSON.stringify({ '@timestamp': '2026-01-01T00:00:00Z', n }));

/** The engine behind something that loses the answer to the first bulk request, after something else has happened. */
async function startLosing(meanwhile: () => Promise<unknown>): Promise<StandIn> {
  let lost = 0;
  return startStandIn(async ({ body, headers: given, method, url }) => {
    const { accept = '', authorization = '', 'content-type': type } = given;
    const headers = { accept, authorization, ...(type === undefined ? {} : { 'content-type': type }) };
    const answer = await fetch(`${plain.engine.url}${url}`, { method, headers, ...(body.length > 0 && { body }) });
    if (url.includes('/_bulk') && lost++ === 0) {
      await meanwhile();
      return 'reset';
    }
    return { status: answer.status, body: (await answer.json()) as object };
  });
}

beforeAll(async () => {
  client = await openEngineClient(plain.engine);
});

beforeEach(() => {
  writings = [];
  name = toUniqueName('hx');
  dataStream = toDataStreamName(name, { stream: 's', namespace: 'n' });
});

afterEach(async () => {
  await Promise.all(writings.map((writing) => writing.close()));
  for (const path of [`/_data_stream/logs-${name}.*`, `/_index_template/${name}`, `/_ingest/pipeline/${name}`]) {
    await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
  }
});

afterAll(() => client.close());

plain.describeEngine('the bulk writer against a real Elasticsearch', () => {
  it('stores once, counts the second as duplicate, and puts aside what the mapping refuses', async () => {
    await makeStream(false);
    const records = [toEvent('a'), toEvent('b'), toEvent('a'), toEvent('wrong', 'no long')];
    const first = await write(records, asIs);
    expect(first.outcomes).toEqual({ read: 4, created: 2, duplicate: 1, dead: 1, dropped: 0 });
    expect(first.dead).toMatchObject([{ id: 'wrong', status: 400, reason: expect.stringMatching(/^document_parsing_exception: .*\[n\]/) as string }]);
    expect((await write(records, asIs)).outcomes).toEqual({ read: 4, created: 0, duplicate: 3, dead: 1, dropped: 0 });
  });

  it('does not store a record twice when an answer got lost and the index rolled over', async () => {
    await makeStream(false);
    const standIn = await startLosing(() => send(client, 'POST', `/${dataStream}/_rollover`));
    const losing = await openEngineClient({ ...plain.engine, url: standIn.url });
    const { outcomes } = await write([toEvent('a'), toEvent('b')], { ...asIs, client: losing }).finally(standIn.close);
    expect(outcomes).toEqual({ read: 2, created: 0, duplicate: 2, dead: 0, dropped: 0 });
    await send(client, 'POST', `/${dataStream}/_refresh`);
    const { count } = await send<{ count: number }>(client, 'GET', `/${dataStream}/_count`);
    expect(count).toBe(2);
  });

  it('refuses to write where no template makes a data stream', async () => {
    const { writer } = await openWriter({ dataStreamOf: () => `${name}-nowhere`, ...asIs });
    await writer.add([toEvent('a')]);
    await expect(writer.settle()).rejects.toThrow('index_not_found_exception');
  });

  it('finds ids in every backing index, right after the write, and the generation that takes writes', async () => {
    await makeStream(false, { 'index.refresh_interval': '-1' });
    const findExisting = createFindExisting(client, dataStreamOf);
    const readGeneration = createReadGeneration(client, dataStreamOf);
    expect(await readGeneration(partition)).toBeUndefined();
    expect(await findExisting(partition, ['a'])).toEqual(new Set());
    const ids = Array.from({ length: 2_500 }, (_, index) => `id${index}`);
    await write(
      ids.map((id) => toEvent(id)),
      asIs,
    );
    const before = await readGeneration(partition);
    await send(client, 'POST', `/${dataStream}/_rollover`);
    await write([toEvent('id0'), toEvent('later')], asIs);
    const after = await readGeneration(partition);
    expect(before).toMatch(/^\.ds-.*-000001$/);
    expect(after).toMatch(/^\.ds-.*-000002$/);
    expect(await findExisting(partition, [...ids, 'later', 'missing'])).toEqual(new Set([...ids, 'later']));
    expect(await findExisting(partition, [])).toEqual(new Set());
  });

  it('tells which cluster it is', async () => {
    const id = await readClusterId(client);
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await readClusterId(client)).toBe(id);
  });

  it('stores a gap once, in the collector stream of the namespace', async () => {
    await makeStream(false);
    const stream = toDataStreamName(name, { stream: 'collector', namespace: 'n' });
    const open = openBulkWriter({
      client,
      dataStreamOf: (target) => toDataStreamName(name, target),
      encodeOf: () => createEdgeEncode(({ raw }) => JSON.stringify({ '@timestamp': '2026-01-01', gap: JSON.parse(raw.toString()) as object })),
      pipeline: 'edge',
      deadLetters: noDeadLetters,
      clock: { now: () => 0, random: () => 0, sleep: async () => {} },
    });
    const writeGap = createWriteGap(open, { now: () => new Date(0), version: '0.1.0', signal: new AbortController().signal });
    const gap = { partition, window: { since: 0, before: 3_600_000 }, reason: 'older than the retention' };
    await writeGap(gap);
    await writeGap(gap);
    await send(client, 'POST', `/${stream}/_refresh`);
    const { hits } = await send<{ hits: { hits: { _id: string; _source: object }[] } }>(client, 'GET', `/${stream}/_search`);
    expect(hits.hits.map(({ _source }) => _source)).toEqual([
      {
        '@timestamp': '2026-01-01',
        gap: {
          kind: 'gap',
          time: '1970-01-01T00:00:00.000Z',
          version: '0.1.0',
          connection: 'main',
          stream: 's',
          source: 'v1',
          scope_id: 'a',
          window: { since: '1970-01-01T00:00:00.000Z', before: '1970-01-01T01:00:00.000Z' },
          reason: 'older than the retention',
          message: 's from 1970-01-01T00:00:00.000Z to 1970-01-01T01:00:00.000Z is lost: older than the retention',
        },
      },
    ]);
  });
});

ingest.describeEngine('the bulk writer against a real ingest pipeline and failure store', () => {
  it('counts what went to the failure store as dead, though the answer says created', async () => {
    await makeStream(true);
    const { outcomes, dead } = await write([toEvent('a'), toEvent('wrong', 'no long')], asIs);
    expect(outcomes).toEqual({ read: 2, created: 1, duplicate: 0, dead: 1, dropped: 0 });
    expect(dead).toMatchObject([{ id: 'wrong', status: 201, reason: 'kept in the failure store of the data stream' }]);
  });

  it('hands every byte of the record to the pipeline and counts what a rule drops', async () => {
    await send(client, 'PUT', `/_ingest/pipeline/${name}`, {
      processors: [
        { drop: { if: "ctx.message.contains('drop me')" } },
        { fail: { if: "ctx.message.contains('fail me')", message: 'told to fail' } },
        { set: { field: '@timestamp', value: '{{{_ingest.timestamp}}}' } },
      ],
    });
    await makeStream(false, { 'index.default_pipeline': name });
    const raw = `{"ua":"\\"\\\\\u2028é漢😀","n":12345678901234567890,"t":"a\\u0000b"}\t`;
    const records = [toRecord('a', raw), toRecord('dropped', 'drop me'), toRecord('failed', 'fail me'), toRecord('bad', Buffer.from([0xff]))];
    const { outcomes, dead } = await write(records, { encodeOf: () => createServerEncode({ conf: { source: 'v1' }, tags: [] }) });
    expect(outcomes).toEqual({ read: 4, created: 1, duplicate: 0, dead: 2, dropped: 1, droppedBy: { 'ingest pipeline': 1 } });
    expect(dead).toMatchObject([
      { id: 'bad', status: 0 },
      { id: 'failed', status: 500, reason: 'fail_processor_exception: told to fail' },
    ]);
    await send(client, 'POST', `/${dataStream}/_refresh`);
    const { hits } = await send<{ hits: { hits: { _id: string; _source: object }[] } }>(client, 'GET', `/${dataStream}/_search`);
    expect(hits.hits).toMatchObject([{ _id: 'a', _source: { message: raw, _conf: { source: 'v1' }, tags: [] } }]);
  });

  it('does not put a second copy into the failure store when an answer got lost', async () => {
    await send(client, 'PUT', `/_ingest/pipeline/${name}`, { processors: [{ fail: { message: 'told to fail' } }] });
    await makeStream(true, { 'index.default_pipeline': name });
    const standIn = await startLosing(() => send(client, 'POST', `/${dataStream}::failures/_refresh`));
    const losing = await openEngineClient({ ...ingest.engine, url: standIn.url });
    const { outcomes } = await write([toEvent('a'), toEvent('b')], { client: losing }).finally(standIn.close);
    expect(outcomes).toEqual({ read: 2, created: 0, duplicate: 0, dead: 2, dropped: 0 });
    await send(client, 'POST', `/${dataStream}::failures/_refresh`);
    const { count } = await send<{ count: number }>(client, 'GET', `/${dataStream}::failures/_count`);
    expect(count).toBe(2);
  });
});
