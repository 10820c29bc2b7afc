import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { openStateIndex, type StateIndex, type Version } from '../../src/elasticsearch/state-index.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';

const { engine, describeEngine } = await engineOrSkip();

describeEngine('the state index', () => {
  const index = toUniqueName('state');
  let client: Elasticsearch;
  let state: StateIndex;

  beforeAll(async () => {
    client = await openEngineClient(engine);
    state = openStateIndex(client, index);
  });

  afterAll(async () => {
    await send(client, 'DELETE', `/${index}`);
    await client.close();
  });

  it('is empty before the first write', async () => {
    expect(await state.get('a')).toBeUndefined();
    expect(await state.list('lease')).toEqual([]);
    await state.remove('a');
  });

  it('lets one of two writers win, at the first write and at a later one', async () => {
    const keywords = { kind: { type: 'keyword' }, key: { type: 'keyword' } };
    await send(client, 'PUT', `/${index}`, { mappings: { dynamic: false, properties: keywords } });
    const first = (await state.put('a', { kind: 'lease', key: 'a', owner: 1 }, 'new')) as Version;
    expect(await state.put('a', { kind: 'lease', key: 'a', owner: 2 }, 'new')).toBeUndefined();
    const second = await state.put('a', { kind: 'lease', key: 'a', owner: 3 }, first);
    expect(second).toBeDefined();
    expect(await state.put('a', { kind: 'lease', key: 'a', owner: 4 }, first)).toBeUndefined();
    expect(await state.get('a')).toEqual({ content: { kind: 'lease', key: 'a', owner: 3 }, version: second });
  });

  it('lists more documents than one page holds, of one kind, as of now', async () => {
    const names = Array.from({ length: 1_203 }, (_, number) => `b${String(number).padStart(4, '0')}`);
    await Promise.all(names.map((name) => state.overwrite(name, { kind: 'many', key: name })));
    expect((await state.list('many')).map(({ id }) => id)).toEqual(names);
    await state.remove('b0000');
    expect(await state.list('many')).toHaveLength(1_202);
  });
});
