import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../src/elasticsearch/dead-letters.ts';
import { ElasticsearchError } from '../../src/errors.ts';
import { created, prepareScenes, refused } from './scene.ts';
import { toBulkBody } from './stand-in.ts';
import { noDeadLetters, toRecord } from './writing.ts';

const play = prepareScenes();

describe('the bulk writer accounts for every record', () => {
  it('reads each item, never `errors`', async () => {
    const items: Record<string, object> = {
      new: { status: 201, result: 'created' },
      known: { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'exists' } },
      dropped: { status: 200, result: 'noop' },
      kept: { status: 201, result: 'created', failure_store: 'used' },
      wrong: { status: 400, error: { type: 'document_parsing_exception', reason: 'no long' } },
      thrown: { status: 500, error: { type: 'fail_processor_exception', reason: 'boom' } },
    };
    const { writer, readDead, pauses } = await play(({ ids }) => ({ status: 200, body: { ...toBulkBody(ids, (id) => items[id] ?? {}), errors: false } }));
    await writer.add(Object.keys(items).map((id) => toRecord(id)));
    expect(await writer.settle()).toEqual({ read: 6, created: 1, duplicate: 1, dead: 3, dropped: 1, droppedBy: { 'ingest pipeline': 1 } });
    expect(pauses).toEqual([]);
    const letter = { time: '1970-01-01T00:00:00.000Z', connection: 'main', namespace: 'n', stream: 's', source: 'v1', scope_id: 'a' };
    expect(await readDead()).toEqual([
      { ...letter, id: 'kept', status: 201, reason: 'kept in the failure store of the data stream', raw: '{"n":"kept"}' },
      { ...letter, id: 'wrong', status: 400, reason: 'document_parsing_exception: no long', raw: '{"n":"wrong"}' },
      { ...letter, id: 'thrown', status: 500, reason: 'fail_processor_exception: boom', raw: '{"n":"thrown"}' },
    ]);
  });

  it('sends `create` with the id, the wire form, and no pipeline name in server mode', async () => {
    const { writer, standIn } = await play(created);
    await writer.add([toRecord('x', '{"a":"é\\n"}')]);
    await writer.settle();
    const [bulk] = standIn.bulks();
    expect(bulk?.body).toBe('{"create":{"_id":"x"}}\n{"message":"{\\"a\\":\\"é\\\\n\\"}","_conf":{"source":"v1"},"tags":["forwarded"]}\n');
    expect(bulk?.url).toMatch(/^\/logs-p\.s-n\/_bulk\?require_data_stream=true&/);
    expect(bulk?.url).not.toContain('pipeline');
    expect(bulk?.headers['user-agent']).toBe('cloudflare-integration/test');
  });

  it('asks for no pipeline at the edge', async () => {
    const { writer, standIn } = await play(created, { pipeline: 'edge' });
    await writer.add([toRecord('x')]);
    await writer.settle();
    expect(standIn.bulks()[0]?.url).toContain('pipeline=_none');
  });

  it('settles an empty window without a request', async () => {
    const { writer, standIn } = await play(created);
    await writer.add([]);
    expect(await writer.settle()).toEqual({ read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 });
    expect(standIn.received).toEqual([]);
  });

  it('keeps requests below the size, but sends a larger record alone', async () => {
    const { writer, standIn } = await play(created, { maxBytes: 300 });
    await writer.add([toRecord('a'), toRecord('b'), toRecord('large', `"${'x'.repeat(900)}"`), toRecord('c'), toRecord('d'), toRecord('e'), toRecord('f')]);
    expect((await writer.settle()).created).toBe(7);
    const sent = standIn.bulks().map(({ ids }) => ids.join(' '));
    expect(sent.toSorted()).toEqual(['a b', 'c d e', 'f', 'large']);
  });

  it('sets a record that is no UTF-8 apart before it spoils the request', async () => {
    const { writer, standIn, readDead } = await play(created);
    await writer.add([toRecord('a'), toRecord('bad', Buffer.from([0x22, 0xff, 0x22])), toRecord('b')]);
    expect(await writer.settle()).toEqual({ read: 3, created: 2, duplicate: 0, dead: 1, dropped: 0 });
    expect(standIn.bulks().map(({ ids }) => ids)).toEqual([['a', 'b']]);
    expect(await readDead()).toMatchObject([{ id: 'bad', status: 0, raw_base64: 'Iv8i', reason: expect.stringContaining('not valid UTF-8') as string }]);
  });

  it('sends what it was given, and keeps letters as they were, though requests use the memory of earlier ones', async () => {
    const letters: DeadLetter[] = [];
    const deadLetters = { ...noDeadLetters, append: async (letter: DeadLetter) => void letters.push(letter) };
    const wrong = { status: 400, error: { type: 'document_parsing_exception', reason: 'no' } };
    const { writer, standIn } = await play(({ ids }) => ({ status: 200, body: toBulkBody(ids, (id) => (id === '0' ? wrong : { status: 201 })) }), {
      deadLetters,
      maxBytes: 300,
    });
    const records = Array.from({ length: 40 }, (_, n) => toRecord(String(n)));
    await writer.add(records);
    expect(await writer.settle()).toMatchObject({ created: 39, dead: 1 });
    const messages = standIn
      .bulks()
      .flatMap(({ body }) => [...body.matchAll(/"message":"(.*?)","_conf"/g)].map(([, message]) => JSON.parse(`"${message}"`) as string));
    expect(messages.toSorted()).toEqual(records.map(({ raw }) => raw.toString()).toSorted());
    expect(letters.map(({ record }) => record.raw.toString())).toEqual(['{"n":"0"}']);
  });
});

describe('the bulk writer sends again what was refused for now', () => {
  it('sends only the items answered 429 and 503', async () => {
    const busy: Record<string, object> = {
      b: { status: 429, error: { type: 'es_rejected_execution_exception' } },
      c: { status: 503, error: { type: 'unavailable_shards_exception' } },
    };
    const { writer, standIn, pauses } = await play(({ ids }, nth) => ({
      status: 200,
      body: toBulkBody(ids, (id) => (nth === 0 ? busy[id] : undefined) ?? { status: 201 }),
    }));
    await writer.add(['a', 'b', 'c', 'd'].map((id) => toRecord(id)));
    expect((await writer.settle()).created).toBe(4);
    expect(standIn.bulks().map(({ ids }) => ids)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c'],
    ]);
    expect(pauses).toEqual([750]);
  });

  it('waits longer after each refusal of the whole request', async () => {
    const { writer, pauses } = await play((request, nth) => (nth < 7 ? refused(429) : created(request)));
    await writer.add([toRecord('a')]);
    expect((await writer.settle()).created).toBe(1);
    expect(pauses).toEqual([750, 1500, 3000, 6000, 12_000, 22_500, 22_500]);
  });

  it('counts what a lost answer had stored as duplicate and sends nothing twice that the failure store holds', async () => {
    const { writer, standIn } = await play((request, nth) => {
      if (request.url.includes('_search')) {
        return { status: 200, body: { hits: { hits: [{ _source: { document: { id: 'kept' } } }] } } };
      }
      return nth === 0 ? 'reset' : { status: 200, body: toBulkBody(request.ids, (id) => ({ status: id === 'stored' ? 409 : 201 })) };
    });
    await writer.add([toRecord('stored'), toRecord('kept'), toRecord('lost')]);
    expect(await writer.settle()).toEqual({ read: 3, created: 1, duplicate: 1, dead: 1, dropped: 0 });
    expect(standIn.bulks().map(({ ids }) => ids)).toEqual([
      ['stored', 'kept', 'lost'],
      ['stored', 'lost'],
    ]);
  });

  it('halves a request that is too large down to the one record', async () => {
    const { writer, standIn, readDead } = await play((request) => (request.ids.includes('huge') ? refused(413) : created(request)));
    await writer.add(['a', 'b', 'huge', 'c', 'd'].map((id) => toRecord(id)));
    expect(await writer.settle()).toEqual({ read: 5, created: 4, duplicate: 0, dead: 1, dropped: 0 });
    expect(standIn.bulks().map(({ ids }) => ids.join(' '))).toEqual(['a b huge c d', 'a b huge', 'a b', 'huge', 'c d']);
    expect(await readDead()).toMatchObject([{ id: 'huge', status: 413 }]);
  });

  it.each([
    [400, 'x_content_parse_exception'],
    [500, 'not_x_content_exception'],
  ])('finds the one record for which Elasticsearch refuses a whole request with %i %s', async (status, type) => {
    const { writer, readDead } = await play((request) => (request.ids.includes('odd') ? refused(status, type) : created(request)));
    await writer.add(['a', 'odd', 'b'].map((id) => toRecord(id)));
    expect((await writer.settle()).created).toBe(2);
    expect(await readDead()).toMatchObject([{ id: 'odd', status, reason: `${type}: no` }]);
  });

  it('gives up when nothing was accepted for the time given', async () => {
    const { writer, pauses } = await play(() => refused(503), { giveUpAfterMs: 60_000 });
    await writer.add([toRecord('a')]);
    await expect(writer.settle()).rejects.toThrow('writing 1 records to logs-p.s-n: Elasticsearch answered 503 (busy)');
    expect(pauses.reduce((sum, pause) => sum + pause)).toBe(60_000);
    await expect(writer.add([toRecord('b')])).rejects.toThrow(ElasticsearchError);
  });

  it('does not give up while some items still get in', async () => {
    const { writer } = await play(({ ids }) => ({ status: 200, body: toBulkBody(ids, (id) => ({ status: id === ids[0] ? 201 : 429 })) }), {
      giveUpAfterMs: 1_000,
    });
    await writer.add(Array.from({ length: 20 }, (_, index) => toRecord(`r${index}`)));
    expect((await writer.settle()).created).toBe(20);
  });
});
