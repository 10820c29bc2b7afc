import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PartitionStatus } from '../../src/collect/partition-status.ts';
import { openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { readClusterId } from '../../src/elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../../src/elasticsearch/data-stream-name.ts';
import { openDeadLetterStream } from '../../src/elasticsearch/dead-letter-stream.ts';
import { createEdgeEncode } from '../../src/elasticsearch/encode.ts';
import { createFindExisting } from '../../src/elasticsearch/existing-ids.ts';
import { findInFailureStore } from '../../src/elasticsearch/find-in-failure-store.ts';
import { createReadGeneration } from '../../src/elasticsearch/generation.ts';
import { openIndexStore } from '../../src/elasticsearch/index-store.ts';
import { openLeases } from '../../src/elasticsearch/leases.ts';
import { createListStored } from '../../src/elasticsearch/list-stored.ts';
import { readIndexedLetters } from '../../src/elasticsearch/read-letters.ts';
import { openStateIndex } from '../../src/elasticsearch/state-index.ts';
import { systemClock } from '../../src/elasticsearch/system-clock.ts';
import type { Artefacts } from '../../src/package/artefacts.ts';
import { checkInstalled } from '../../src/package/check-installed.ts';
import { install } from '../../src/package/install.ts';
import { type RoleDescriptor, toRoles } from '../../src/package/roles.ts';
import { toStateIndexName, toStateTemplate } from '../../src/package/state-template.ts';
import { uninstall } from '../../src/package/uninstall.ts';
import { openEngineClient, send, toUniqueName } from '../elasticsearch/engine-client.ts';
import { noDeadLetters, openClient, partition, toRecord } from '../elasticsearch/writing.ts';
import { engineOrSkip } from '../engines.ts';
import { makeArtefacts } from './artefacts.ts';

const secured = await engineOrSkip({ security: true, ingest: true });
const pipeline = secured.engine.capabilities.ingest ? 'server' : 'edge';
const name = toUniqueName('hx');
const roles = toRoles({ packageName: name, streams: ['s', 'collector'] });
const dataStreamOf = (target: { readonly stream: string; readonly namespace: string }) => toDataStreamName(name, target);
const dataStream = dataStreamOf(partition);

let admin: Elasticsearch;
let installer: Elasticsearch;
let collector: Elasticsearch;

/** A life of the shared state, as a collector has it. */
async function workWithState(): Promise<void> {
  const index = openStateIndex(collector, toStateIndexName(name));
  const silent = { onSilence: () => {}, onRecovery: () => {} };
  const turns = await openLeases({ index, id: 'a', leaseMs: 30_000, shares: true, clock: systemClock, now: Date.now, ...silent });
  const store = await openIndexStore(index, { clusterId: await readClusterId(collector), turns });
  const turn = await turns.take('k');
  await turn?.save({ until: 1, remembered: [] });
  await turn?.end(0);
  await store.saveStatus('k', { instance: 'a', updatedMs: 1 } as PartitionStatus);
  expect(await store.list()).toEqual([{ key: 'k', checkpoint: { until: 1, remembered: [] }, status: { instance: 'a', updatedMs: 1 } }]);
  await store.remove('k');
  await store.close();
}

async function openAs(role: keyof typeof roles): Promise<Elasticsearch> {
  const descriptors: Record<string, RoleDescriptor> = { [role]: roles[role] };
  const { encoded } = await send<{ encoded: string }>(admin, 'POST', '/_security/api_key', {
    name: `${name}-${role}`,
    expiration: '1h',
    role_descriptors: descriptors,
  });
  return openClient(secured.engine.url, { kind: 'apiKey', apiKey: encoded });
}

const put = (version: string, type?: string) =>
  install(installer, withState(makeArtefacts({ package: name, version, pipeline, ...(type === undefined ? {} : { type }) }), version), { name, version });

function withState(artefacts: Artefacts, version: string): Artefacts {
  return { ...artefacts, indexTemplates: { ...artefacts.indexTemplates, ...toStateTemplate({ name, version }) } };
}

/** Templates and one event. */
async function makeData(): Promise<void> {
  await put('0.2.0', 'long');
  expect(await write(['one'], 1)).toMatchObject({ read: 1 });
}

async function write(ids: readonly string[], n: unknown = 'a'): Promise<object> {
  const open = openBulkWriter({
    client: collector,
    dataStreamOf,
    encodeOf: () => createEdgeEncode(() => JSON.stringify({ '@timestamp': '2026-01-01', n })),
    pipeline,
    deadLetters: noDeadLetters,
    clock: { now: () => 0, random: () => 0, sleep: async () => {} },
  });
  const writer = open(partition, new AbortController().signal);
  await writer.add(ids.map((id) => toRecord(id)));
  return writer.settle();
}

/** The ids of a day, as verifying lists them. */
async function listStored(): Promise<readonly string[]> {
  const list = createListStored({ client: collector, dataStreamOf, filterOf: () => [] });
  const day = Date.parse('2026-01-01');
  const ids: string[] = [];
  for await (const batch of list(partition, { since: day, before: day + 86_400_000 }) ?? []) ids.push(...batch.map(({ id }) => id));
  return ids.toSorted();
}

/** What the collector stream's mapping would make of a dead letter, as far as this package's fields go. */
function toCollectorDocument(raw: Buffer): string {
  const { kind, stream, document_id } = JSON.parse(raw.toString()) as Record<string, string>;
  return JSON.stringify({ '@timestamp': '2026-01-01', cloudflare: { collector: { kind, stream, document_id } } });
}

secured.describeEngine('the roles suffice and go no further', () => {
  beforeAll(async () => {
    admin = await openEngineClient(secured.engine);
    installer = await openAs('install');
    collector = await openAs('collect');
  });

  afterAll(async () => {
    for (const path of [
      `/_data_stream/logs-${name}.*`,
      `/_index_template/logs-${name}.*`,
      `/_component_template/logs-${name}.*`,
      `/_ingest/pipeline/logs-${name}.*`,
      `/${name}-state`,
      `/_index_template/${name}-state`,
    ]) {
      await admin.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
    }
    await admin.request({ attempt: 'clean up', method: 'DELETE', path: '/_security/api_key', body: { name: `${name}-*` }, allow: 'any' });
    await Promise.all([admin, installer, collector].map((client) => client.close()));
  });

  it('for a life from install to uninstall', async () => {
    const readGeneration = createReadGeneration(collector, dataStreamOf);
    const findExisting = createFindExisting(collector, dataStreamOf);
    const check = () => checkInstalled(collector, { package: { name, version: '0.2.0' }, pipeline, targets: [partition], stateIndex: true });
    await expect(check()).rejects.toThrow('index template');
    await put('0.1.0');
    expect(await readClusterId(collector)).toBe(await readClusterId(admin));
    await check();
    expect(await readGeneration(partition)).toBeUndefined();
    expect(await findExisting(partition, ['a'])).toEqual(new Set());
    expect(await write(['a', 'b', 'a'])).toMatchObject({ created: 2, duplicate: 1 });
    await check();
    expect(await readGeneration(partition)).toMatch(/000001$/);
    expect(await findExisting(partition, ['a', 'c'])).toEqual(new Set(['a']));
    expect(await listStored()).toEqual(['a', 'b']);
    await workWithState();
    await put('0.1.1');
    await put('0.2.0', 'long');
    expect(await readGeneration(partition)).toMatch(/000002$/);
    expect(await write(['c'], 1)).toMatchObject({ created: 1 });
    expect(await findInFailureStore({ client: collector, dataStream }, ['c'], new AbortController().signal)).toEqual(new Set());
    const done = await uninstall(installer, name);
    expect(done.map(({ act, kind }) => `${act} ${kind}`)).toEqual(expect.arrayContaining(['delete index template', 'delete component template']));
    expect(done.map((each) => each.name)).toContain(toStateIndexName(name));
    await send(installer, 'DELETE', `/${toStateIndexName(name)}`);
  });

  it('for keeping, listing and finding dead letters', async () => {
    await send(admin, 'PUT', `/_index_template/logs-${name}.collector`, {
      index_patterns: [`logs-${name}.collector-*`],
      priority: 500,
      data_stream: {},
      template: {
        mappings: { properties: { '@timestamp': { type: 'date' }, cloudflare: { properties: { collector: { properties: { kind: { type: 'keyword' } } } } } } },
      },
    });
    const letter = { partition, record: toRecord('dead'), status: 400, reason: 'why' };
    const letters = openDeadLetterStream({
      openWriterWith: (deadLetters) =>
        openBulkWriter({
          client: collector,
          dataStreamOf,
          encodeOf: () => createEdgeEncode(({ raw }) => toCollectorDocument(raw)),
          pipeline,
          deadLetters,
          clock: { now: () => 0, random: () => 0, sleep: async () => {} },
        }),
      fallback: noDeadLetters,
      now: () => new Date(0),
      version: '0.2.0',
      signal: new AbortController().signal,
    });
    await letters.append(letter);
    await letters.flush();
    await send(admin, 'POST', `/${dataStreamOf({ ...partition, stream: 'collector' })}/_refresh`);
    const found: string[] = [];
    const targets = ['s', 'collector'].map((stream) => ({ connection: 'main', namespace: 'n', stream, dataStream: dataStreamOf({ stream, namespace: 'n' }) }));
    for await (const { letter: kept, place } of readIndexedLetters({ path: '', client: collector, targets, wants: () => true }))
      found.push(`${kept.id} ${place}`);
    expect(found).toContain('dead data stream');
  });

  it.each<[string, string, string, object | undefined]>([
    ['roll over', 'POST', `/${dataStream}/_rollover`, undefined],
    ['change settings', 'PUT', `/${dataStream}/_settings`, { 'index.hidden': false }],
    ['write elsewhere', 'POST', '/logs-other-default/_doc', { '@timestamp': '2026-01-01' }],
    ['read elsewhere', 'GET', '/logs-other-default/_search', undefined],
    ['keep a state elsewhere', 'PUT', '/other-state/_doc/a', { kind: 'state' }],
    ['delete the state as a whole', 'DELETE', `/${toStateIndexName(name)}`, undefined],
    ['change pipelines', 'PUT', `/_ingest/pipeline/logs-${name}.s-9.9.9`, { processors: [] }],
    ['change templates', 'PUT', `/_index_template/logs-${name}.s`, { index_patterns: ['x'] }],
    ['make API keys', 'POST', '/_security/api_key', { name: 'x' }],
  ])('for collecting not to %s', async (_what, method, path, body) => {
    await makeData();
    const call = { attempt: 'trying', method: method as 'GET', path, allow: 'any' as const, ...(body === undefined ? {} : { body }) };
    expect((await collector.request(call)).status).toBe(403);
  });

  it('for collecting not to delete events, neither of the data stream nor of the index behind it', async () => {
    await makeData();
    const backing = await createReadGeneration(collector, dataStreamOf)(partition);
    for (const [target, statuses] of [
      // A data stream refuses to delete before anybody asks for the right to.
      [dataStream, [400, 403]],
      [backing, [403]],
    ] as const) {
      const call = { attempt: 'trying', method: 'DELETE', path: `/${target}/_doc/one`, allow: 'any' } as const;
      expect(statuses).toContain((await collector.request(call)).status);
    }
    expect(await createFindExisting(collector, dataStreamOf)(partition, ['one'])).toEqual(new Set(['one']));
  });

  it('for installing not to read or write events', async () => {
    await makeData();
    for (const [method, path] of [
      ['GET', `/${dataStream}/_search`],
      ['POST', `/${dataStream}/_doc`],
    ] as const) {
      const body = method === 'GET' ? {} : { body: { '@timestamp': '2026-01-01' } };
      expect((await installer.request({ attempt: 'trying', method, path, allow: 'any', ...body })).status).toBe(403);
    }
  });
});
