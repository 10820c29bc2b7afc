import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { readDeadLetters } from '../../src/elasticsearch/read-dead-letters.ts';
import { engineOrSkip } from '../engines.ts';
import { toExpectedId } from './expected-id.ts';
import type { ExpectedRecord } from './expected-records.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, type SmallWorld, toMinute, ZONE } from './small-world.ts';
import { withSmallWorld } from './with-small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NO_EVENTS: CloudflareOptions = { accounts: [{ auditEventsPerHour: 0 }], zones: [{ linesPerHour: 0 }] };
const NO_JSON = 'upstream connect error or disconnect/reset before headers';

let scene: Scene;

const withWorld = (options: CloudflareOptions, act: (world: SmallWorld) => Promise<void>): Promise<void> => withSmallWorld(scene, options, act);

async function collect(world: SmallWorld): Promise<{ readonly totals: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly log: string }> {
  const ended = await world.collect(await world.configure());
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  return { totals: JSON.parse(ended.stdout).streams, log: ended.stderr };
}

async function readLetters(world: SmallWorld) {
  const letters = [];
  for await (const letter of readDeadLetters(`${world.statePath}/dead-letters.ndjson`)) letters.push(letter);
  return letters;
}

async function readGaps(world: SmallWorld) {
  const gaps = (await world.readStream('collector')).filter(({ document }) => (document.event as { action: string }).action === 'gap');
  return gaps.map(({ document }) => {
    const { start, end } = document.event as { start: string; end: string };
    return { stream: 'audit', since: Date.parse(start), before: Date.parse(end) };
  });
}

/** A record of the test's own; its id follows from the values of the tuple, or from its bytes. */
const toRecord = (raw: string, parts: readonly string[], timeMs?: number): ExpectedRecord => {
  const [source, scope] = raw.includes('RayID') || raw === NO_JSON || raw.includes('Client') ? ['received', 'zone'] : ['v1', 'account'];
  const scopeId = scope === 'zone' ? ZONE : ACCOUNT;
  return { raw, id: toExpectedId([source ?? '', scopeId, ...parts], timeMs), conf: { source: source ?? '', [`${scope}_id`]: scopeId } };
};

const find = async (world: SmallWorld, stream: string, id: string) => (await world.readStream(stream)).find((stored) => stored.id === id)?.document;

describeEngine('records out of order', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it.concurrent('a byte that is no UTF-8 costs only its own line, which stands in the dead letters', async () => {
    await withWorld({}, async (world) => {
      world.cloudflare.faults.add({ match: { path: /\/logs\/received$/, nth: 2, times: 1 }, answer: { badUtf8Line: 3 } });
      const { log, totals } = await collect(world);
      expect(totals.logpull).toMatchObject({ dead: 1, duplicate: 0, dropped: 0 });
      expect(log).toContain('1 records are dead-lettered');
      const [letter, ...others] = await readLetters(world);
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ stream: 'logpull', scope_id: ZONE, namespace: world.namespace, reason: expect.stringContaining('UTF-8') });
      expect(letter?.raw.includes(Buffer.from([0xff]))).toBe(true);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it.concurrent('a line that is no JSON is stored with its original', async () => {
    await withWorld({}, async (world) => {
      world.cloudflare.faults.add({ match: { path: /\/logs\/received$/, nth: 2, times: 1 }, answer: { nonJsonLine: 3 } });
      const { totals } = await collect(world);
      const line = toRecord(NO_JSON, ['', '', '', '', '', '']);
      const byBytes = { ...line, id: toExpectedId(['received', ZONE, NO_JSON], undefined) };
      expect(totals.logpull).toMatchObject({ dead: 0, dropped: 0 });
      expect(await find(world, 'logpull', byBytes.id)).toMatchObject({ event: { kind: 'pipeline_error', original: NO_JSON } });
      expect(await world.compare({ more: { logpull: [byBytes] } })).toEqual(ALL_STORED);
    });
  });

  it.concurrent('records without a time or without anything are stored, with ids as published', async () => {
    await withWorld(NO_EVENTS, async (world) => {
      const timeless = '{"id":"no-time","action":{"type":"login","result":true},"actor":{"ip":"192.0.2.7"}}';
      const nameless = '{"action":{"type":"add","result":true}}';
      const page = `{"success":true,"errors":[],"messages":[],"result":[${timeless},${nameless}]}`;
      const ray = '{"RayID":"7d1a","ClientIP":"192.0.2.8"}';
      const bare = '{"ClientRequestHost":"example.com"}';
      world.cloudflare.faults.add({ match: { path: /\/audit_logs$/ }, answer: { body: page } });
      world.cloudflare.faults.add({ match: { path: /\/logs\/received$/ }, answer: { body: `${ray}\n${bare}\n` } });
      const before = Date.now();
      await collect(world);
      const audit = [toRecord(timeless, ['no-time']), toRecord(nameless, [nameless])];
      const logpull = [toRecord(ray, ['7d1a', '', '', '192.0.2.8', '', '']), toRecord(bare, [bare])];
      expect(await world.compare({ more: { audit, logpull } })).toEqual(ALL_STORED);
      for (const { document, id } of [...(await world.readStream('audit')), ...(await world.readStream('logpull'))]) {
        const ingested = Date.parse(String(document['@timestamp']));
        expect(id.slice(0, 13)).toBe('1000000000000');
        expect(ingested).toBeGreaterThan(before - 60_000);
        expect(ingested).toBeLessThan(Date.now() + 60_000);
        expect(document.event).not.toMatchObject({ kind: 'pipeline_error' });
      }
    });
  });

  it.concurrent('an actor.ip that is no IP stays in source.address, without an error', async () => {
    const when = new Date(toMinute(Date.now()) - 3 * HOUR).toISOString();
    const event = { id: 'gateway', when, action: { type: 'login', result: true }, actor: { id: '1', ip: 'unknown gateway', type: 'user' } };
    await withWorld({ accounts: [{ auditEventsPerHour: 1, extraEvents: [event] }] }, async (world) => {
      const { totals } = await collect(world);
      expect(totals.audit).toMatchObject({ dead: 0 });
      const stored = await find(world, 'audit', toExpectedId(['v1', ACCOUNT, 'gateway'], Date.parse(when)));
      expect(stored).toMatchObject({ source: { address: 'unknown gateway' }, event: { kind: 'event' } });
      expect(stored).not.toHaveProperty('source.ip');
      expect(stored).not.toHaveProperty('error');
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it.concurrent('a page that comes twice with nothing behind it is not taken for the end', async () => {
    const bursts = [{ at: toMinute(Date.now()) - 30 * HOUR, count: 2500 }];
    await withWorld({ accounts: [{ auditEventsPerHour: 0, bursts }] }, async (world) => {
      const fault = world.cloudflare.faults.add({ match: { path: /\/audit_logs$/, query: { page: '2' }, times: 1 }, answer: { repeatPage: true } });
      await collect(world);
      expect(fault.struck()).toBe(1);
      expect(await world.compare({ lost: await readGaps(world) })).toEqual(ALL_STORED);
    });
  });
});
