import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/collect/checkpoint.ts';
import type { PartitionStatus } from '../../src/collect/partition-status.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { openIndexReader, openIndexStore } from '../../src/elasticsearch/index-store.ts';
import { openLeases } from '../../src/elasticsearch/leases.ts';
import { openStateIndex, type StateIndex } from '../../src/elasticsearch/state-index.ts';
import { systemClock } from '../../src/elasticsearch/system-clock.ts';
import { StateError } from '../../src/errors.ts';
import { toStateIndexName, toStateTemplate } from '../../src/package/state-template.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';

const { engine, describeEngine } = await engineOrSkip();

const key = 'main/default/audit/v1/a';
const checkpoint: Checkpoint = { until: 1_000, remembered: ['5 x'], intent: { window: { since: 1_000, before: 2_000 }, generation: '.ds-1' } };

describeEngine('the state in Elasticsearch', () => {
  let client: Elasticsearch;
  let name: string;
  let index: StateIndex;

  beforeAll(async () => {
    client = await openEngineClient(engine);
  });

  beforeEach(async () => {
    name = toUniqueName('hx');
    for (const [template, body] of Object.entries(toStateTemplate({ name, version: '0.1.0' }))) await send(client, 'PUT', `/_index_template/${template}`, body);
    index = openStateIndex(client, toStateIndexName(name));
    return async () => {
      await client.request({ attempt: 'clean up', method: 'DELETE', path: `/${toStateIndexName(name)}`, allow: [404] });
      await send(client, 'DELETE', `/_index_template/${toStateIndexName(name)}`);
    };
  });

  afterAll(() => client.close());

  const open = (clusterId = 'c') => openIndexStore(index, { clusterId });

  it('gives back what was saved, also to another process, and lists it with its status', async () => {
    const store = await open();
    expect(await store.load(key)).toBeUndefined();
    await store.save(key, checkpoint);
    await store.save(key, { ...checkpoint, until: 2_000 });
    const status = { instance: 'i', updatedMs: 5 } as PartitionStatus;
    await store.saveStatus(key, status);
    const other = await open();
    expect(await other.load(key)).toEqual({ ...checkpoint, until: 2_000 });
    const reader = openIndexReader(index);
    expect(await reader.list()).toEqual([{ key, checkpoint: { ...checkpoint, until: 2_000 }, status }]);
    expect(await reader.readClusterId()).toBe('c');
    await other.remove(key);
    expect(await reader.list()).toEqual([]);
  });

  it('refuses a checkpoint of one who has not seen what another process wrote', async () => {
    const [one, two] = [await open(), await open()];
    await one.load(key);
    await two.save(key, checkpoint);
    await expect(one.save(key, { until: 5, remembered: [] })).rejects.toThrow(/written by another process meanwhile/);
    expect(await two.load(key)).toEqual(checkpoint);
  });

  it('refuses the state of another cluster, and says the choices', async () => {
    await open('c');
    const error = await open('d').catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({ message: expect.stringContaining('about the cluster c'), hint: expect.stringContaining('state import FILE --force') });
    await (await open('c')).unbind();
    await open('d');
  });

  it('refuses a newer version, and what is no checkpoint', async () => {
    const store = await open();
    await index.overwrite(`partition:${key}`, { kind: 'partition', key, version: 2 });
    await expect(store.load(key)).rejects.toThrow(/is of version 2, and this program knows version 1/);
    await index.overwrite(`partition:${key}`, { kind: 'partition', key, version: 1, checkpoint: { until: 'x' } });
    await expect(store.load(key)).rejects.toThrow(/is damaged/);
  });

  it('lets one of two collectors take a partition; by hand nothing is changed meanwhile', async () => {
    const options = { index, leaseMs: 30_000, shares: true, clock: systemClock, now: Date.now, onSilence: () => {}, onRecovery: () => {} };
    const [a, b] = [await openLeases({ ...options, id: 'a' }), await openLeases({ ...options, id: 'b' })];
    const taken = await Promise.all([a.take(key), b.take(key)]);
    const [turn, none] = taken[0] === undefined ? [taken[1], taken[0]] : taken;
    expect(none).toBeUndefined();
    await turn?.save(checkpoint);
    const store = await open();
    expect(await store.list()).toEqual([{ key, checkpoint, holder: taken[0] === undefined ? 'b' : 'a' }]);
    await expect(store.remove(key)).rejects.toThrow(/works on/);
    await expect(store.save(key, checkpoint)).rejects.toThrow(/works on/);
    await turn?.end(Date.now());
    await store.save(key, { until: 7, remembered: [] });
    expect((await b.take(key))?.checkpoint).toEqual({ until: 7, remembered: [] });
    await Promise.all([a.close(), b.close()]);
    expect((await store.list()).map(({ holder }) => holder)).toEqual([undefined]);
    await store.remove(key);
  });
});
