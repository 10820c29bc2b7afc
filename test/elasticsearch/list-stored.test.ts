import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Window } from '../../src/collect/ports.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { createListStored } from '../../src/elasticsearch/list-stored.ts';
import { partition as small } from '../collect/small-world.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';

const { engine, describeEngine } = await engineOrSkip();

const START = Date.parse('2026-01-01T00:00:00Z');
const MANY = 5_200;
const toId = (number: number): string => `1${(START + number).toString(16).padStart(12, '0')}${'x'.repeat(22)}`;

describeEngine('the list of stored ids', () => {
  const name = toUniqueName('list');
  const partition = { ...small, stream: 's' };
  let client: Elasticsearch;

  async function list(window: Window, dataStream = name): Promise<readonly (readonly [string, number])[]> {
    const listStored = createListStored({ client, dataStreamOf: () => dataStream, filterOf: () => [{ term: { owner: 'a' } }] });
    const found: (readonly [string, number])[] = [];
    for await (const batch of listStored(partition, window) ?? []) found.push(...batch.map(({ id, timeMs }) => [id, timeMs] as const));
    return found;
  }

  const store = (documents: readonly { readonly id: string; readonly timeMs: number; readonly owner?: string }[]): Promise<unknown> => {
    const lines = documents.flatMap(({ id, timeMs, owner = 'a' }) => [{ create: { _id: id } }, { '@timestamp': new Date(timeMs).toISOString(), owner }]);
    const body = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    return client.request({ attempt: 'storing', method: 'POST', path: `/${name}/_bulk`, body });
  };

  beforeAll(async () => {
    client = await openEngineClient(engine);
    const mappings = { properties: { '@timestamp': { type: 'date' }, owner: { type: 'keyword' } } };
    await send(client, 'PUT', `/_index_template/${name}`, { index_patterns: [name], data_stream: {}, priority: 900, template: { mappings } });
    await store(Array.from({ length: MANY }, (_, number) => ({ id: toId(number), timeMs: START + number })));
  });

  afterAll(async () => {
    for (const path of [`/_data_stream/${name}`, `/_index_template/${name}`])
      await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
    await client.close();
  });

  it('has each once, in the order of time, however many there are and in however many backing indices', async () => {
    await send(client, 'POST', `/${name}/_rollover`);
    await store([{ id: toId(MANY), timeMs: START + MANY }]);
    const found = await list({ since: START, before: START + MANY + 1 });
    expect(found).toEqual(Array.from({ length: MANY + 1 }, (_, number) => [toId(number), START + number]));
  });

  it('has what lies in the window, of the owner asked for, and whose id names its time', async () => {
    const timeMs = START + 20_000;
    const [first, other, late, timeless] = [toId(20_000), toId(20_001), toId(20_010), `1${'0'.repeat(12)}${'x'.repeat(22)}`];
    await store([
      { id: first, timeMs },
      { id: other, timeMs, owner: 'b' },
      { id: late, timeMs: timeMs + 10 },
      { id: timeless, timeMs },
    ]);
    expect(await list({ since: timeMs, before: timeMs + 10 })).toEqual([[first, timeMs]]);
  });

  it('is empty where nothing was ever stored', async () => {
    expect(await list({ since: 0, before: START }, toUniqueName('none'))).toEqual([]);
  });

  it('is not made where documents do not tell whose they are', () => {
    const listStored = createListStored({ client, dataStreamOf: () => name, filterOf: () => undefined });
    expect(listStored(partition, { since: 0, before: START })).toBeUndefined();
  });
});
