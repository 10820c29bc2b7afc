import { setTimeout as sleep } from 'node:timers/promises';
import { type Intervene, type ProxiedAnswer, type ProxiedRequest, toAnswer } from '../elasticsearch-proxy.ts';
import type { Bench, FaultCase } from './fault-case.ts';

const SETTLED = 'settled, exit 0';
const REJECTED = { type: 'es_rejected_execution_exception', reason: 'rejected execution of coordinating operation' };

type Forward = Parameters<Intervene>[1];
/** What the nth bulk request of events gets, counted from 1; undefined: what Elasticsearch answers. */
type Answering = (nth: number, request: ProxiedRequest, forward: Forward) => Promise<ProxiedAnswer | 'reset'> | undefined;

/** Every fault of Elasticsearch that a proxy can play, or that the engine itself can be brought to. */
export const ELASTICSEARCH_CASES: readonly FaultCase[] = [
  toCase('429 for every other item, twice', (nth, request, forward) => (nth <= 2 ? refuseSome(request, forward) : undefined)),
  toCase('429 for the whole request, twice', (nth) => (nth <= 2 ? refuse(429, REJECTED) : undefined)),
  toCase('503 for the whole request, twice', (nth) =>
    nth <= 2 ? refuse(503, { type: 'unavailable_shards_exception', reason: 'not all shards are there' }) : undefined,
  ),
  toCase('503 after all was stored', (nth, _request, forward) => (nth === 1 ? forward().then(() => toAnswer(503, 'Service Unavailable')) : undefined)),
  toCase('the connection breaks before anything is stored', (nth) => (nth === 1 ? Promise.resolve('reset') : undefined)),
  toCase('the connection breaks after all was stored', (nth, _request, forward) => (nth === 1 ? forward().then(() => 'reset') : undefined)),
  toCase('413 for more than 10 records', (_nth, { body }) =>
    countLines(body) > 20 ? refuse(413, { type: 'too_long_http_content_exception', reason: '' }) : undefined,
  ),
  toCase('an answer that takes 5 seconds', (nth, _request, forward) => (nth === 1 ? sleep(5_000).then(() => forward()) : undefined)),
  { side: 'elasticsearch', fault: 'connections refused for 4 seconds', expected: SETTLED, arrange: refuseConnections },
  { side: 'elasticsearch', fault: 'a full disk: the index takes no writes for 4 seconds', expected: SETTLED, arrange: blockWrites },
];

function toCase(fault: string, answering: Answering): FaultCase {
  return { side: 'elasticsearch', fault, expected: SETTLED, arrange: ({ proxy }) => intervene(proxy, answering) };
}

/** Counts the requests that got something else. */
function intervene(proxy: Bench['proxy'], answering: Answering): () => number {
  let seen = 0;
  let struck = 0;
  proxy.intervene((request, forward) => {
    if (!isEvents(request)) return forward();
    const given = answering(++seen, request, forward);
    if (given === undefined) return forward();
    struck += 1;
    return given;
  });
  return () => struck;
}

/** The bulk requests of audit and logpull. */
export function isEvents({ isBulk, path }: ProxiedRequest): boolean {
  return isBulk && /\.(audit|logpull)-/.test(path);
}

function refuse(status: number, error: object): Promise<ProxiedAnswer> {
  return Promise.resolve(toAnswer(status, { error, status }));
}

function countLines(body: Buffer): number {
  return body.toString('latin1').split('\n').length - 1;
}

/** Stores every other item and refuses the rest. */
async function refuseSome(request: ProxiedRequest, forward: Forward): Promise<ProxiedAnswer> {
  const lines = request.body.toString('latin1').trimEnd().split('\n');
  const pairs = Array.from({ length: lines.length / 2 }, (_, index) => `${lines[2 * index]}\n${lines[2 * index + 1]}\n`);
  const kept = pairs.filter((_, index) => index % 2 === 1);
  const answered = kept.length === 0 ? undefined : await forward({ ...request, body: Buffer.from(kept.join(''), 'latin1') });
  const items = answered === undefined ? [] : (JSON.parse(answered.body.toString()) as { readonly items: readonly object[] }).items;
  const all = pairs.map((_, index) => (index % 2 === 1 ? items[(index - 1) / 2] : { create: { status: 429, error: REJECTED } }));
  return toAnswer(200, { errors: true, items: all });
}

/** From the first bulk request on. */
function refuseConnections({ proxy }: Bench): () => number {
  let struck = 0;
  proxy.intervene(async (request, forward) => {
    if (!isEvents(request) || struck > 0) return forward();
    struck += 1;
    void proxy.shut().then(async () => {
      await sleep(4_000);
      await proxy.open();
    });
    return 'reset';
  });
  return () => struck;
}

/** What Elasticsearch itself does when a disk is full: its own block on every index of the data stream, the failure store's too, put there and taken away. */
function blockWrites({ proxy, scene, world }: Bench): () => number {
  const dataStream = scene.dataStream('logpull', world.namespace);
  const send = (method: 'PUT' | 'POST', path: string, body: object): Promise<unknown> =>
    scene.client.request({ attempt: 'filling the disk', method, path, body, allow: [400, 404] });
  const setBlock = (value: boolean | null): Promise<unknown> =>
    send('PUT', `/.ds-${dataStream}-*,.fs-${dataStream}-*/_settings?expand_wildcards=all`, { 'index.blocks.read_only_allow_delete': value });
  let seen = 0;
  let refused = 0;
  proxy.intervene(async (request, forward) => {
    if (!isEvents(request) || !request.path.includes('.logpull-')) return forward();
    if (++seen === 2) {
      // Where there is a failure store, its first index comes with the first failure; a disk that is full lets none come.
      await send('POST', `/${dataStream}::failures/_rollover`, {});
      await setBlock(true);
      void sleep(4_000).then(() => setBlock(null));
    }
    const answered = await forward();
    if (answered.body.includes('cluster_block_exception')) refused += 1;
    return answered;
  });
  return () => refused;
}
