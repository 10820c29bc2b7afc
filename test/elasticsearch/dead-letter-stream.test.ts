import { afterEach, describe, expect, it } from 'vitest';
import { openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import { openDeadLetterStream } from '../../src/elasticsearch/dead-letter-stream.ts';
import type { DeadLetter, DeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { createServerEncode } from '../../src/elasticsearch/encode.ts';
import { created, refused } from './scene.ts';
import { type Received, type StandIn, type StandInAnswer, startStandIn, toBulkBody } from './stand-in.ts';
import { openClient, partition, toRecord } from './writing.ts';

const open: { readonly close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
});

/** What stands in for the file: it holds the letters, or is full. */
class Fallback implements DeadLetters {
  readonly letters: DeadLetter[] = [];
  isFull = false;

  async append(letter: DeadLetter): Promise<void> {
    if (this.isFull) throw new Error('the file is full');
    this.letters.push(letter);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

async function openStream(
  answer: (request: Received) => StandInAnswer,
  maxBytes?: number,
): Promise<{ letters: DeadLetters; fallback: Fallback; standIn: StandIn }> {
  const standIn = await startStandIn(answer);
  const client = await openClient(standIn.url);
  open.push(standIn, client);
  const fallback = new Fallback();
  const letters = openDeadLetterStream({
    openWriterWith: (deadLetters) =>
      openBulkWriter({
        client,
        dataStreamOf: ({ stream, namespace }) => `logs-p.${stream}-${namespace}`,
        encodeOf: () => createServerEncode({ conf: {}, tags: [] }),
        pipeline: 'server',
        deadLetters,
        clock: { now: () => 0, random: () => 0, sleep: async () => {} },
        looksForKept: false,
      }),
    fallback,
    now: () => new Date(0),
    version: '0.1.0',
    signal: new AbortController().signal,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  return { letters, fallback, standIn };
}

const toDead = (id: string, reason = 'why'): DeadLetter => ({ partition, record: toRecord(id), status: 400, reason });

const toMessages = ({ body }: Received): readonly Record<string, unknown>[] =>
  body
    .split('\n')
    .filter((line) => line.includes('"message"'))
    .map((line) => JSON.parse((JSON.parse(line) as { message: string }).message) as Record<string, unknown>);

describe('dead letters in the collector data stream', () => {
  it('are written when they are waited for, with all that a replay needs, under an id that follows from letter and reason', async () => {
    const { letters, fallback, standIn } = await openStream(created);
    await letters.append(toDead('a'));
    await letters.append({ partition, record: toRecord('b', Buffer.from([0xff])), status: 0, reason: 'no UTF-8' });
    expect(standIn.bulks()).toEqual([]);
    await letters.flush();
    await letters.append(toDead('a'));
    await letters.append(toDead('a', 'another'));
    await letters.flush();
    const [first, second] = standIn.bulks();
    expect(first?.url).toContain('/logs-p.collector-n/_bulk');
    const same = { kind: 'dead_letter', version: '0.1.0', time: '1970-01-01T00:00:00.000Z', connection: 'main', stream: 's', source: 'v1', scope_id: 'a' };
    expect(first && toMessages(first)).toEqual([
      { ...same, status: 400, reason: 'why', document_id: 'a', message: 's: a record was not stored: why', record: '{"n":"a"}' },
      { ...same, status: 0, reason: 'no UTF-8', document_id: 'b', message: 's: a record was not stored: no UTF-8', record_base64: '/w==' },
    ]);
    expect(second?.ids).toHaveLength(1);
    expect(first?.ids).not.toContain(second?.ids[0]);
    expect(fallback.letters).toEqual([]);
  });

  it('are written before more than a few are held back', async () => {
    const { letters, standIn } = await openStream(created, 20);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await letters.append(toDead(id));
    expect(standIn.bulks().map(({ ids }) => ids.length)).toEqual([3, 3]);
  });

  it.each<[string, (request: Received) => StandInAnswer]>([
    ['refuses each', ({ ids }) => ({ status: 200, body: toBulkBody(ids, () => ({ status: 400, error: { type: 'wrong', reason: 'no' } })) })],
    ['is refused as a whole', () => refused(403, 'security_exception')],
    [
      'refuses each for want of a right',
      ({ ids }) => ({ status: 200, body: toBulkBody(ids, () => ({ status: 403, error: { type: 'security_exception', reason: 'no' } })) }),
    ],
  ])('go to the file as they are where the stream %s', async (_what, answer) => {
    const { letters, fallback } = await openStream(answer);
    const dead = [toDead('a'), toDead('b')];
    for (const letter of dead) await letters.append(letter);
    await letters.flush();
    expect(fallback.letters).toEqual(dead);
  });

  it('that neither takes fail everybody who waits, until one takes them', async () => {
    const { letters, fallback } = await openStream(() => refused(403, 'security_exception'));
    fallback.isFull = true;
    await letters.append(toDead('a'));
    await expect(letters.flush()).rejects.toThrow('the file is full');
    await letters.append(toDead('b'));
    await expect(letters.flush()).rejects.toThrow('the file is full');
    fallback.isFull = false;
    await letters.flush();
    expect(fallback.letters.map(({ record }) => record.id)).toEqual(['a', 'b']);
  });

  it('about the collector stream itself go to the file', async () => {
    const { letters, fallback, standIn } = await openStream(created);
    const gap = { ...toDead('gap'), partition: { ...partition, stream: 'collector' } };
    await letters.append(gap);
    await letters.flush();
    expect({ file: fallback.letters, sent: standIn.bulks() }).toEqual({ file: [gap], sent: [] });
  });
});
