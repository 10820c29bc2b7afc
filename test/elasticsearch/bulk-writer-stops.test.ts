import { describe, expect, it } from 'vitest';
import { ElasticsearchError, InterruptedError } from '../../src/errors.ts';
import { created, prepareScenes, refused } from './scene.ts';
import { type Received, toBulkBody } from './stand-in.ts';
import { createGate, toRecord } from './writing.ts';

const play = prepareScenes();

describe('the bulk writer stops', () => {
  it.each([
    ['credentials', () => refused(401, 'security_exception'), /answered 401/],
    ['a proxy that is no Elasticsearch', () => refused(400), /answered 400 \(busy\)/],
    [
      'items refused for the data stream itself',
      ({ ids }: Received) => ({ status: 200, body: toBulkBody(ids, () => ({ status: 403, error: { type: 'security_exception', reason: 'no' } })) }),
      /security_exception: no/,
    ],
    [
      'a pipeline that is gone',
      ({ ids }: Received) => ({
        status: 200,
        body: toBulkBody(ids, () => ({ status: 400, error: { type: 'illegal_argument_exception', reason: 'pipeline with id [p] does not exist' } })),
      }),
      /does not exist/,
    ],
  ])('at once for %s, without dead letters', async (_what, answer, message) => {
    const { writer, readDead, pauses } = await play(answer);
    await writer.add([toRecord('a')]);
    const error = await writer.settle().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ElasticsearchError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(message) as string });
    expect(await readDead()).toEqual([]);
    expect(pauses).toEqual([]);
  });

  it('when an answer has not one item for each record', async () => {
    const { writer } = await play(() => ({ status: 200, body: { errors: false, items: [] } }), { giveUpAfterMs: 1_000 });
    await writer.add([toRecord('a')]);
    await expect(writer.settle()).rejects.toThrow('answered with 0 items');
  });

  it('when the dead letters are full', async () => {
    const { writer, readDead } = await play(({ ids }) => ({ status: 200, body: toBulkBody(ids, () => ({ status: 400 })) }), { maxDeadBytes: 300 });
    await writer.add([toRecord('a'), toRecord('b')]);
    await expect(writer.settle()).rejects.toThrow('have reached their limit of 300 bytes');
    expect(await readDead()).toMatchObject([{ id: 'a' }]);
  });

  it('when interrupted while waiting', async () => {
    let interrupt = () => {};
    const scene = await play(() => refused(429), { onSleep: () => interrupt() });
    interrupt = scene.interrupt;
    await scene.writer.add([toRecord('a')]);
    await expect(scene.writer.settle()).rejects.toThrow(InterruptedError);
    expect(scene.pauses).toHaveLength(1);
  });

  it('when abandoned: what is not sent stays unsent, what is under way is cut', async () => {
    const arrived = createGate();
    const { writer, standIn } = await play(
      () => {
        arrived.open();
        return new Promise(() => {});
      },
      { maxBytes: 100 },
    );
    await writer.add([toRecord('a'), toRecord('b')]);
    await arrived.opened;
    await writer.abandon();
    expect(standIn.bulks().map(({ ids }) => ids)).toEqual([['a']]);
    await expect(writer.settle()).rejects.toThrow(InterruptedError);
  });
});

describe('back-pressure', () => {
  it('lets no more than the requests in flight go on, and then lets the reader wait', async () => {
    const gate = createGate();
    let underWay = 0;
    let most = 0;
    const second = createGate();
    const { writer } = await play(
      async (request) => {
        underWay += 1;
        most = Math.max(most, underWay);
        if (underWay === 2) second.open();
        await gate.opened;
        underWay -= 1;
        return created(request);
      },
      { maxBytes: 100 },
    );
    let added = false;
    const adding = writer.add(Array.from({ length: 6 }, (_, index) => toRecord(`r${index}`))).then(() => {
      added = true;
    });
    await second.opened;
    expect(added).toBe(false);
    gate.open();
    await adding;
    expect((await writer.settle()).created).toBe(6);
    expect(most).toBe(2);
  });
});
