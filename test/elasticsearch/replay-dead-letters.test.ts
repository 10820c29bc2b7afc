import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { type StoredDeadLetter, toLetterLine } from '../../src/elasticsearch/dead-letter-line.ts';
import type { DeadLetter, DeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { createServerEncode } from '../../src/elasticsearch/encode.ts';
import { createFindExisting } from '../../src/elasticsearch/existing-ids.ts';
import { replayDeadLetters } from '../../src/elasticsearch/replay-dead-letters.ts';
import { toLetter } from './letters.ts';
import { created, refused } from './scene.ts';
import { type Received, type StandIn, type StandInAnswer, startStandIn, toBulkBody } from './stand-in.ts';
import { openClient } from './writing.ts';

let folder: string;
let path: string;
const open: { readonly close: () => Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  path = join(folder, 'dead-letters.ndjson');
});

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
  await rm(folder, { recursive: true });
});

const dataStreamOf = ({ stream, namespace }: { readonly stream: string; readonly namespace: string }) => `logs-p.${stream}-${namespace}`;

/** Answers the bulks as told; a search finds what `find` says for the data stream asked. */
async function openReplay(bulk: (request: Received) => StandInAnswer, find: (request: Received) => readonly object[] = () => []) {
  const standIn: StandIn = await startStandIn((request) => {
    if (request.url.includes('/_bulk')) return bulk(request);
    return { status: 200, body: request.url.includes('_search') ? { hits: { hits: find(request) } } : {} };
  });
  const client: Elasticsearch = await openClient(standIn.url);
  open.push(standIn, client);
  const again: DeadLetter[] = [];
  const keepAgain: DeadLetters = { append: async (letter) => void again.push(letter), flush: async () => {}, close: async () => {} };
  let time = 0;
  const clock = {
    now: () => time,
    random: () => 0,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  const run = () =>
    replayDeadLetters({
      path,
      client,
      targets: ['audit', 'collector'].map((stream) => ({ connection: 'main', namespace: 'n', stream, dataStream: dataStreamOf({ stream, namespace: 'n' }) })),
      wants: () => true,
      openWriterWith: (deadLetters) =>
        openBulkWriter({
          client,
          dataStreamOf,
          encodeOf: () => createServerEncode({ conf: {}, tags: [] }),
          pipeline: 'server',
          deadLetters,
          clock,
          giveUpAfterMs: 5_000,
          looksForKept: false,
        }),
      findExisting: createFindExisting(client, dataStreamOf),
      findObstacle: () => undefined,
      keepAgain,
      signal: new AbortController().signal,
    });
  return { run, standIn, again };
}

const fill = (...letters: readonly StoredDeadLetter[]): Promise<void> => writeFile(path, Buffer.concat(letters.map(toLetterLine)));

describe('a replay', () => {
  it('leaves every letter as it is where Elasticsearch refuses for now, and asks no further', async () => {
    const letters = [toLetter('a'), toLetter('b', { stream: 'logpull' }), toLetter('c')];
    await fill(...letters);
    const { run, standIn } = await openReplay(() => refused(503));
    const report = await run();
    expect(report).toMatchObject({ created: 0, duplicate: 0, errors: [{ retryable: true }] });
    expect(report.remaining.map(({ id, reason }) => `${id} ${reason}`).sort()).toEqual(['a why', 'b why', 'c why']);
    expect(await readFile(path, 'utf8')).toBe(Buffer.concat(letters.map(toLetterLine)).toString());
    expect(new Set(standIn.bulks().map(({ url }) => url.split('/')[1]))).toEqual(new Set(['logs-p.audit-n']));
  });

  it('goes on with the next data stream where one is refused for good', async () => {
    await fill(toLetter('a'), toLetter('b', { stream: 'logpull' }));
    const { run } = await openReplay((request) => (request.url.includes('audit') ? refused(403, 'security_exception') : created(request)));
    expect(await run()).toMatchObject({ created: 1, remaining: [{ id: 'a', reason: 'why' }], errors: [{ retryable: false }] });
    expect(await readFile(path, 'utf8')).toBe(toLetterLine(toLetter('a')).toString());
  });

  it('sends a letter once, wherever it lies, and notes a new reason beside a letter that cannot be changed', async () => {
    await fill(toLetter('a'));
    const toKept = (id: string) => ({
      _id: id,
      sort: ['2026', 1],
      _source: {
        '@timestamp': '2026-11-21T00:00:00.000Z',
        event: { reason: 'why' },
        cloudflare: {
          collector: { connection: 'main', stream: 'audit', source: 'v1', scope: { id: 'a' }, status: 400, document_id: id, record: `{"id":"${id}"}` },
        },
      },
    });
    const toFailure = (id: string, source: object) => ({ _id: `f-${id}`, sort: ['2026', 1], _source: { '@timestamp': '2026', document: { id, source } } });
    const wire = (id: string) => ({ message: `{"id":"${id}"}`, _conf: { source: 'v1', account_id: 'a' } });
    const { run, standIn, again } = await openReplay(
      ({ ids }) => ({
        status: 200,
        body: toBulkBody(ids, (id) => (id === 'bad' ? { status: 400, error: { type: 'new', reason: 'reason' } } : { status: 201 })),
      }),
      ({ url }) => {
        if (url.startsWith('/logs-p.collector-n/')) return ['a', 'bad', 'b'].map(toKept);
        if (!url.startsWith('/logs-p.audit-n%3A%3Afailures/')) return [];
        return [toFailure('a', wire('a')), toFailure('c', wire('c')), toFailure('mapped', { event: {} })];
      },
    );
    const report = await run();
    expect(
      standIn
        .bulks()
        .flatMap(({ ids }) => ids)
        .sort(),
    ).toEqual(['a', 'b', 'bad', 'c']);
    expect(report).toMatchObject({ created: 3, duplicate: 0, errors: [] });
    expect(report.remaining).toMatchObject([
      { id: 'mapped', reason: expect.stringContaining('only what the pipeline made') as string },
      { id: 'bad', reason: 'new: reason' },
    ]);
    expect(again).toMatchObject([{ record: { id: 'bad' }, status: 400, reason: 'new: reason' }]);
  });
});
