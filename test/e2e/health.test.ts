import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { toUniqueName } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, reachNextSecond, type SmallWorld, TOKEN, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

interface Hit {
  readonly _ignored?: readonly string[];
  readonly _source: {
    readonly error?: unknown;
    readonly event: Readonly<Record<string, unknown>>;
    readonly cloudflare: { readonly collector: Readonly<Record<string, unknown>> & { readonly counts: Readonly<Record<string, number>> } };
  };
}

interface StatusJson {
  readonly healthy: boolean;
  readonly warnings: readonly { readonly connection: string; readonly warning: string }[];
  readonly partitions: readonly (Readonly<Record<string, unknown>> & { readonly totals: Readonly<Record<string, number>> })[];
}

let scene: Scene;

/** Gives the test a world of its own. */
async function withWorld(act: (world: SmallWorld) => Promise<void>): Promise<void> {
  const world = await openSmallWorld(scene);
  try {
    await act(world);
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  } finally {
    await world.close();
  }
}

function configure(world: SmallWorld, health: Readonly<Record<string, string>>, pipeline: string = scene.pipeline): Promise<string> {
  const elasticsearch = { url: engine.url, ...engine.credentials, pipeline };
  const connections = [world.toConnection()] as Readonly<Record<string, unknown>>[];
  return scene.writeSettings(`${toUniqueName('health')}.yml`, { elasticsearch, state: { path: world.statePath }, health, connections });
}

/** What a person would search for. */
async function search(world: SmallWorld, query: object): Promise<readonly Hit[]> {
  const path = `/${scene.dataStream('collector', world.namespace)}`;
  await scene.client.request({ attempt: 'refreshing', method: 'POST', path: `${path}/_refresh`, allow: [404] });
  const body = { size: 1000, sort: ['@timestamp'], query: { bool: { filter: query } } };
  const answer = await scene.client.request<{ readonly hits: { readonly hits: readonly Hit[] } }>({
    attempt: 'searching',
    method: 'POST',
    path: `${path}/_search`,
    body,
  });
  return answer.body.hits.hits;
}

const heartbeatsOf = (scopeId: string) => [{ term: { 'cloudflare.collector.kind': 'heartbeat' } }, { term: { 'cloudflare.collector.scope.id': scopeId } }];

async function readStatus(file: string, exitCode: number): Promise<StatusJson> {
  const ended = await scene.run(['status', '--json', '--config', file]);
  expect(ended, ended.stderr + ended.stdout).toMatchObject({ exitCode });
  return JSON.parse(ended.stdout) as StatusJson;
}

function sum(hits: readonly Hit[], outcome: string): number {
  return hits.reduce((total, { _source }) => total + (_source.cloudflare.collector.counts[outcome] ?? 0), 0);
}

async function ask(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

/** Each run has a window of its own to tell of. */
async function collectTwice(world: SmallWorld, file: string): Promise<void> {
  for (const run of [1, 2]) {
    await reachNextSecond();
    expect(await world.collect(file), `run ${run}`).toMatchObject({ exitCode: 0 });
  }
}

/** Where a collection that runs answers. */
async function untilServing(running: ReturnType<Scene['start']>): Promise<string> {
  await running.untilLogged(/http:\S+ answers/);
  return /(http:\S+) answers/.exec(running.stderr())?.[1] ?? '';
}

describeEngine('a collection is never silent', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it.each(engine.capabilities.ingest ? ['server', 'edge'] : ['edge'])(
    'a run leaves heartbeats that a search finds, mapped by the %s, and a status',
    async (pipeline) => {
      await withWorld(async (world) => {
        const file = await configure(world, {}, pipeline);
        expect(await scene.run(['status', '--config', file])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no state yet') });
        await collectTwice(world, file);
        const heartbeats = await search(world, heartbeatsOf(ACCOUNT));
        expect(heartbeats).toHaveLength(2);
        for (const { _ignored, _source } of heartbeats) {
          expect([_ignored, _source.error]).toEqual([undefined, undefined]);
          expect(_source.event).toMatchObject({ kind: 'state', action: 'heartbeat' });
          expect(_source.cloudflare.collector).toMatchObject({ connection: 'small', stream: 'audit', source: 'v1', state: 'caught_up' });
        }
        const inTime = [
          ...heartbeatsOf(ACCOUNT),
          { range: { 'cloudflare.collector.lag_ms': { gte: 0, lt: 3_600_000 } } },
          { range: { 'cloudflare.collector.last_event': { gt: 'now-3d' } } },
        ];
        expect(await search(world, inTime)).toHaveLength(2);
        const audit = (await world.readStream('audit')).length;
        expect(audit).toBeGreaterThan(100);
        expect(sum(heartbeats, 'created')).toBe(audit);

        const { healthy, partitions } = await readStatus(file, 0);
        expect([healthy, partitions.map(({ stream, state }) => [stream, state])]).toEqual([
          true,
          [
            ['audit', 'caught_up'],
            ['logpull', 'caught_up'],
          ],
        ]);
        expect(partitions[0]?.totals, 'the second run went on from the first').toMatchObject({ created: audit, gaps: 0, dead: 0 });
        expect(partitions[0]).toMatchObject({ scope_id: ACCOUNT, namespace: world.namespace, budget_left: expect.any(Number), last_event: expect.any(String) });
        const table = await scene.run(['status', '--config', file]);
        expect(table).toMatchObject({ exitCode: 0, stderr: '' });
        expect(table.stdout).toMatch(/small +audit v1 +c3c3c3c3… +caught up[\s\S]*small +logpull received/);
        expect(table.stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
        expect(table.stdout).not.toContain(TOKEN);
      });
    },
  );

  it('answers metrics and probes while it runs, and status from beside it, without its lock', async () => {
    await withWorld(async (world) => {
      const file = await configure(world, { address: '127.0.0.1:0', heartbeat: '1s' });
      const running = scene.start(['collect', '--config', file]);
      const url = await untilServing(running);
      await running.untilLogged(/(audit of .* read, [\s\S]*){2}/);
      const { status, text } = await ask(`${url}/metrics`);
      expect(status).toBe(200);
      expect(text).toMatch(new RegExp(`^cloudflare_collector_lag_seconds\\{connection="small",stream="audit",source="v1",scope="${ACCOUNT}"\\} \\d`, 'm'));
      expect(text).toMatch(/^cloudflare_collector_requests_total\{connection="small",kind="request"\} [1-9]/m);
      expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
      expect(text).not.toContain(TOKEN);
      expect(await ask(`${url}/livez`)).toMatchObject({ status: 200 });
      await vi.waitFor(async () => expect(await ask(`${url}/readyz`)).toMatchObject({ status: 200 }), 30_000);
      await vi.waitFor(async () => expect((await readStatus(file, 0)).partitions[0]).toMatchObject({ state: 'caught_up', stale: false }), 20_000);
      await vi.waitFor(async () => expect((await search(world, heartbeatsOf(ZONE))).length).toBeGreaterThan(1), 30_000);
      const stopped = Date.now();
      running.stop();
      expect(await running.ended).toMatchObject({ exitCode: 130 });
      expect(Date.now() - stopped).toBeLessThan(10_000);
      await expect(fetch(`${url}/livez`)).rejects.toThrow();
      expect(sum(await search(world, heartbeatsOf(ACCOUNT)), 'created')).toBe((await world.readStream('audit')).length);
    });
  });

  it('a partition that is refused shows everywhere: status, heartbeat, readiness and metrics', async () => {
    await withWorld(async (world) => {
      world.cloudflare.faults.add({ match: { path: /\/logs\/received$/ }, answer: '02' });
      const file = await configure(world, { address: '127.0.0.1:0', heartbeat: '1s', max_lag: '2s' });
      const running = scene.start(['collect', '--config', file]);
      const url = await untilServing(running);
      await running.untilLogged(/logpull of .* paused: /);
      await vi.waitFor(
        async () => expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, text: expect.stringContaining('"state":"paused"') }),
        20_000,
      );
      expect((await ask(`${url}/metrics`)).text).toMatch(/^cloudflare_collector_paused\{.*stream="logpull".*\} 1$/m);
      await vi.waitFor(
        async () =>
          expect(await search(world, [{ term: { 'event.outcome': 'failure' } }, { exists: { field: 'cloudflare.collector.next_try' } }])).not.toHaveLength(0),
        30_000,
      );
      const { stdout, exitCode } = await scene.run(['status', '--config', file, '--connection', 'small']);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/small: logpull received of d4d4\w+: paused; next try in [\s\S]*answered 401[\s\S]*\n {2}\S/);
      running.stop();
      expect(await running.ended).toMatchObject({ exitCode: 130 });
      world.cloudflare.faults.clear();
      expect(await world.collect(await configure(world, {}))).toMatchObject({ exitCode: 0 });
      expect((await readStatus(await configure(world, {}), 0)).healthy).toBe(true);
    });
  });

  it('warns of a token that expires within two weeks: check, collect and status', async () => {
    await withWorld(async (world) => {
      const expires = new Date(Date.now() + 5.5 * 86_400_000).toISOString();
      const body = JSON.stringify({ success: true, errors: [], messages: [], result: { id: 'x', status: 'active', expires_on: expires } });
      world.cloudflare.faults.add({ match: { path: /tokens\/verify$/ }, answer: { body } });
      const file = await configure(world, {});
      const checked = await scene.run(['check', '--config', file]);
      expect(checked).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/warn +connection small: API token: active; the API token expires at .*, in 5 days\n +Roll/),
      });
      const running = scene.start(['collect', '--config', file]);
      await running.untilLogged(/connection small: the API token expires at .*, in 5 days/);
      const warnings = [{ connection: 'small', warning: expect.stringContaining('in 5 days') }];
      await vi.waitFor(async () => expect(await readStatus(file, 0)).toMatchObject({ healthy: true, warnings }), 60_000);
      running.stop();
      expect(await running.ended).toMatchObject({ exitCode: 130 });
    });
  });

  it('says what is wrong where it cannot start, or cannot tell', async () => {
    await withWorld(async (world) => {
      const server = createServer();
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const taken = await world.collect(await configure(world, { address: `127.0.0.1:${port}` }));
      server.close();
      expect(taken).toMatchObject({ exitCode: 2, stdout: '' });
      expect(taken.stderr.trimEnd()).toMatch(/health\.address: 127\.0\.0\.1:\d+ is in use by another program\n.*\n.*settings file\.$/);
      const mistaken = await scene.run(['status', '--connection', 'smal', '--config', await configure(world, {})]);
      expect(mistaken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean small?') });
      const never = await readStatus(await configure(world, {}), 1);
      expect(never.partitions.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    });
  });

  it('a status that cannot be saved costs a warning and nothing else', async () => {
    await withWorld(async (world) => {
      const name = createHash('sha256').update(`small/${world.namespace}/audit/v1/${ACCOUNT}`).digest('hex').slice(0, 32);
      await mkdir(join(world.statePath, 'partitions', `${name}.status.json`), { recursive: true });
      const file = await configure(world, {});
      const { exitCode, stderr } = await world.collect(file);
      expect(exitCode, stderr).toBe(0);
      expect(stderr.match(/the status of a partition could not be saved/g)).toHaveLength(1);
      expect(await world.compare()).toEqual(ALL_STORED);
      expect((await readStatus(file, 1)).partitions.map(({ state }) => state)).toEqual(['unknown', 'caught_up']);
    });
  });

  it('heartbeats and status add up as well where collectors share the state', async () => {
    await withWorld(async (world) => {
      const elasticsearch = { url: engine.url, ...engine.credentials, pipeline: scene.pipeline };
      const connections = [world.toConnection()] as Readonly<Record<string, unknown>>[];
      const state = { path: world.statePath, store: 'elasticsearch' };
      const file = await scene.writeSettings(`${world.namespace}-shared.yml`, { elasticsearch, state, connections });
      await collectTwice(world, file);
      const heartbeats = await search(world, heartbeatsOf(ACCOUNT));
      expect(heartbeats.at(-1)?._source.cloudflare.collector).toMatchObject({ state: 'caught_up' });
      const audit = (await world.readStream('audit')).length;
      expect(sum(heartbeats, 'created')).toBe(audit);
      const { healthy, partitions } = await readStatus(file, 0);
      expect([healthy, partitions[0]]).toMatchObject([true, { scope_id: ACCOUNT, state: 'caught_up', totals: { created: audit } }]);
    });
  });

  it('switched off, there is no heartbeat', async () => {
    await withWorld(async (world) => {
      expect(await world.collect(await configure(world, { heartbeat: '0s' }))).toMatchObject({ exitCode: 0 });
      expect(await world.readStream('collector')).toEqual([]);
    });
  });
});
