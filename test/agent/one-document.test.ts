import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { compareDocuments } from '../../src/pipeline/compare-documents.ts';
import { childOf, type JsonObject } from '../../src/pipeline/value.ts';
import { readAskedUntil } from '../e2e/expected-records.ts';
import { installScene, openScene, type Scene } from '../e2e/open-scene.ts';
import type { StoredDocument } from '../e2e/read-stored.ts';
import { ACCOUNT, type FedStream, ZONE } from '../e2e/small-world.ts';
import { engineOrSkip } from '../engines.ts';
import { programOrSkip } from '../skipping.ts';
import { type AgentWorld, openAgentWorld, type Variables } from './agent-world.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const { path: program, describeProgram } = programOrSkip('FILEBEAT', 'Filebeat, by which Elastic Agent collects,');

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000 });

interface Trial {
  readonly stream: FedStream;
  /** Settings and form alike. */
  readonly variables: Variables;
}

/** The same events as both have stored them, by id. */
interface Both {
  /** Of the collector. */
  readonly namespace: string;
  readonly collector: ReadonlyMap<string, JsonObject>;
  readonly agent: ReadonlyMap<string, JsonObject>;
}

const AUDIT: Trial = { stream: 'audit', variables: { audit_api: 'v1' } };
const LOGPULL: Trial = { stream: 'logpull', variables: { fields: 'standard' } };
const TRIALS: readonly (readonly [string, Trial])[] = [
  ['audit v1', AUDIT],
  ['audit v2', { stream: 'audit', variables: { audit_api: 'v2' } }],
  ['logpull with the default fields', { stream: 'logpull', variables: { fields: 'default' } }],
  ['logpull with the standard fields', LOGPULL],
  ['user_audit', { stream: 'user_audit', variables: {} }],
  ['access', { stream: 'access', variables: { retention: '30d' } }],
];

/** Where each stream is collected, and which paths are asked for it. */
const PLACES: Readonly<Record<FedStream, { readonly path: string; readonly place: object }>> = {
  audit: { path: ACCOUNT, place: { account_id: ACCOUNT, initial_interval: '50h' } },
  logpull: { path: ZONE, place: { zone_id: ZONE, initial_interval: '150m' } },
  user_audit: { path: '/user/audit_logs', place: { initial_interval: '50h' } },
  access: { path: `${ACCOUNT}/access/`, place: { account_id: ACCOUNT, initial_interval: '50h' } },
};

/** What is said of the sender, and therefore differs. */
const SENDER = ['agent', 'data_stream.namespace', 'elastic_agent', 'event.dataset', 'input'];

async function collectIn(world: AgentWorld, { stream, variables }: Trial): Promise<Both> {
  const { path, place } = PLACES[stream];
  const streams = { [stream]: { ...place, preserve_original_event: true, ...variables } };
  const ended = await world.collect(await world.configure([world.toConnection({ streams })]));
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const asked = readAskedUntil(world.cloudflare.ledger, path);
  const agent = await world.openAgent(stream, { preserve_original_event: true, ...variables });
  await agent.start();
  await agent.untilCursor((cursor) => Object.values(cursor).every(({ until }) => Date.parse(until) >= asked));
  await agent.stop();
  // A line is of the window in which Cloudflare received it, which is after its time.
  const limit = asked - 5 * 60_000;
  const before = (documents: readonly StoredDocument[]) =>
    new Map(documents.filter(({ document }) => Date.parse(String(document['@timestamp'])) < limit).map(({ id, document }) => [id, document]));
  return { namespace: world.namespace, collector: before(await world.readStream(stream)), agent: before(await world.readAgent(stream)) };
}

/** The paths at which any two documents of one id differ. */
function differencesOf({ agent, collector }: Both): ReadonlySet<string> {
  return new Set([...collector].flatMap(([id, document]) => compareDocuments(document, agent.get(id))));
}

function originalsOf(documents: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, string> {
  return new Map([...documents].map(([id, document]) => [id, String(childOf(document.event, 'original'))]));
}

/** What JSON can say and a double or Go's text cannot. */
const ODD_RECORD = String.raw`{"id":"odd","when":"${new Date(Date.now() - 49 * 3_600_000).toISOString()}","action":{"type":"add","result":true},"metadata":{
  "beyond_long":12345678901234567890,"beyond_double":9007199254740993,"half_pair":"a\ud800b",
  "decimal":1.0,"power":1e2,"small":1e-7,"markup":"<b>&\u2028","zero":"\u0000","twice":1,"twice":2}}`;

/** Answers the first request for audit logs of each of the two with one page of the odd record. */
function toServingOddRecord(world: AgentWorld): AgentWorld {
  const body = `{"success":true,"errors":[],"messages":[],"result":[${ODD_RECORD}]}`;
  const serve = (): void => void world.cloudflare.faults.add({ answer: { body }, match: { path: '/audit_logs', times: 1 } });
  serve();
  return {
    ...world,
    openAgent: (...given) => {
      serve();
      return world.openAgent(...given);
    },
  };
}

describeEngine('an event through Elastic Agent and through the collector', () => {
  describeProgram('is one document', () => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await openScene(engine, 'agent');
      await installScene(scene);
    });

    afterAll(() => scene.close());

    /** Has both collect, and closes the world; what is stored stays until the end. */
    const collect = async (trial: Trial, prepare: (world: AgentWorld) => AgentWorld = (world) => world): Promise<Both> => {
      const world = await openAgentWorld(scene, program);
      try {
        const both = await collectIn(prepare(world), trial);
        expect(world.cloudflare.ledger.bugs).toEqual([]);
        return both;
      } finally {
        await world.close();
      }
    };

    let audit: Promise<Both> | undefined;
    const collectAudit = (): Promise<Both> => {
      audit ??= collect(AUDIT);
      return audit;
    };

    it.each(TRIALS)('%s: same id, same content but for what is said of the sender', async (_name, trial) => {
      const both = await (trial === AUDIT ? collectAudit() : collect(trial));
      expect(both.collector.size).toBeGreaterThan(40);
      expect([...both.agent.keys()].toSorted()).toEqual([...both.collector.keys()].toSorted());
      const original = trial.stream === 'logpull' ? [] : ['event.original'];
      expect([...differencesOf(both)].toSorted()).toEqual([...SENDER, ...original].toSorted());
    });

    it('deviates in event.original of paged JSON: CEL decodes a page and encodes each record again, so its keys are in order; it says the same', async () => {
      const both = await collectAudit();
      const [theirs, ours] = [originalsOf(both.agent), originalsOf(both.collector)];
      for (const [id, original] of ours) expect(JSON.parse(String(theirs.get(id)))).toEqual(JSON.parse(original));
      for (const original of theirs.values()) {
        const keys = Object.keys(JSON.parse(original));
        expect(keys).toEqual(keys.toSorted());
      }
    });

    it('deviates in event.dataset: Elastic Agent writes it, the collector leaves it to the constant of the mapping', async () => {
      const both = await collectAudit();
      const dataset = `${scene.name}.audit`;
      expect(new Set([...both.agent.values()].map(({ event }) => childOf(event, 'dataset')))).toEqual(new Set([dataset]));
      const path = `/${scene.dataStream('audit', both.namespace)}/_count`;
      const body = { query: { term: { 'event.dataset': dataset } } };
      const { body: found } = await scene.client.request<{ readonly count: number }>({ attempt: 'count', method: 'POST', path, body });
      expect(found.count).toBeGreaterThanOrEqual(both.collector.size);
    });

    it('deviates in integers beyond 2^53 of paged JSON: CEL holds numbers as doubles; and in half a surrogate pair, which Go replaces', async () => {
      const both = await collect(AUDIT, toServingOddRecord);
      const odd = 'cloudflare.audit.metadata';
      const deviating = [`${odd}.beyond_long`, `${odd}.beyond_double`, `${odd}.half_pair`];
      expect([...differencesOf(both)].toSorted()).toEqual([...SENDER, 'event.original', ...deviating].toSorted());
    });

    it('deviates in a line that is not UTF-8: the input replaces the byte and keeps the line, the collector keeps the bytes as dead letter', async () => {
      const both = await collect(LOGPULL, (world) => {
        world.cloudflare.faults.add({ answer: { badUtf8Line: 3 }, match: { path: /\/received$/ } });
        return world;
      });
      const more = [...both.agent].filter(([id]) => !both.collector.has(id));
      expect(more.length).toBeGreaterThan(0);
      for (const [, { event }] of more) expect(childOf(event, 'id')).toMatch(/^\ufffd/);
      expect([...differencesOf(both)].toSorted()).toEqual(SENDER);
    });
  });
});
