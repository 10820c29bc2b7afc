import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { createFindLetters } from '../../src/elasticsearch/find-letters.ts';
import { partition } from '../collect/small-world.ts';
import { engineOrSkip } from '../engines.ts';
import { openEngineClient, send, toUniqueName } from './engine-client.ts';

const { engine, describeEngine } = await engineOrSkip();

describeEngine('dead letters in the collector data stream', () => {
  const index = toUniqueName('letters');
  let client: Elasticsearch;

  beforeAll(async () => {
    client = await openEngineClient(engine);
    const keyword = { type: 'keyword' };
    const collector = { properties: { kind: keyword, stream: keyword, document_id: keyword } };
    await send(client, 'PUT', `/${index}`, { mappings: { properties: { cloudflare: { properties: { collector } } } } });
    for (const [kind, stream, id] of [
      ['dead_letter', 'audit', 'a'],
      ['dead_letter', 'logpull', 'b'],
      ['gap', 'audit', 'c'],
    ]) {
      await send(client, 'POST', `/${index}/_doc`, { cloudflare: { collector: { kind, stream, document_id: id } } });
    }
    await send(client, 'POST', `/${index}/_refresh`);
  });

  afterAll(async () => {
    await send(client, 'DELETE', `/${index}`);
    await client.close();
  });

  it('are found by the id of their document, those of the stream alone', async () => {
    const find = createFindLetters(client, () => index);
    expect(await find(partition, ['a', 'b', 'c', 'd'])).toEqual(new Set(['a']));
    expect(await find(partition, [])).toEqual(new Set());
  });

  it('are none where there is no such stream', async () => {
    const find = createFindLetters(client, () => `${index}-nowhere`);
    expect(await find(partition, ['a'])).toEqual(new Set());
  });
});
