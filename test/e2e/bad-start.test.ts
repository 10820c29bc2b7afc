import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import type { CliResult } from '../cli/run-cli.ts';
import { send } from '../elasticsearch/engine-client.ts';
import { engineOrSkip, type TestEngine } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { readFiles } from './read-files.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, reachNextSecond, type SmallWorld, TOKEN, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const OTHER_ACCOUNT = 'e5'.repeat(16);
const UNKNOWN = 'u'.repeat(44);
/** Reads the audit logs of one account, and nothing else. */
const NARROW = { kind: 'user_token', token: 'n'.repeat(44), grants: { [ACCOUNT]: ['Account Settings Read'] } } as const satisfies CredentialOptions;

let scene: Scene;
let bare: Scene;
let world: SmallWorld;
let good: string;

/** What went wrong, where, and what to do; no stack, no secret. */
function expectMessage({ exitCode, stderr }: CliResult, wantedCode: number, ...parts: readonly RegExp[]): void {
  expect(exitCode, stderr).toBe(wantedCode);
  for (const part of parts) expect(stderr).toMatch(part);
  expect(stderr).not.toMatch(/^\s+at |This is a bug|\bError:/m);
  for (const secret of [TOKEN, UNKNOWN, NARROW.token]) expect(stderr).not.toContain(secret);
}

/** Who held the state last, and how it went, is no part of how far it is. */
function withoutTraces(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('lock') && !path.endsWith('.status.json')));
}

/** Runs what must change nothing: neither the state nor what is stored. */
async function expectNoTrace(act: () => Promise<void>): Promise<void> {
  const count = async () => (await world.readStream('audit')).length + (await world.readStream('logpull')).length;
  const look = async () => ({ files: withoutTraces(await readFiles(world.statePath)), stored: await count() });
  const before = await look();
  expect(Object.keys(before.files).length).toBeGreaterThan(2);
  // Else there may be nothing to ask Cloudflare for, and nothing to be refused.
  await reachNextSecond();
  await act();
  expect(await look()).toEqual(before);
}

/** What is installed under the package's name. */
async function readInstalled({ client, name }: Scene): Promise<unknown> {
  const paths = ['_ingest/pipeline', '_component_template', '_index_template'].map((kind) => `/${kind}/logs-${name}.*`);
  return Promise.all(paths.map(async (path) => (await client.request({ attempt: 'looking', method: 'GET', path, allow: [404] })).body));
}

const withToken = (api_token: string, name = 'small') => [world.toConnection({ name, api_token })];

describeEngine('what cannot start says why, and leaves everything as it was', () => {
  beforeAll(async () => {
    [scene, bare] = [await openScene(engine), await openScene(engine, 'bare')];
    await installScene(scene);
    world = await openSmallWorld(scene, { accounts: [{}, { id: OTHER_ACCOUNT }], credentials: [{ kind: 'user_token', token: TOKEN }, NARROW] });
    good = await world.configure();
    expect(await world.collect(good)).toMatchObject({ exitCode: 0 });
  });

  afterAll(async () => {
    await world.close();
    await scene.close();
    await bare.close();
  });

  it('collect and check without our templates', async () => {
    const settings = { connections: [world.toConnection()] as Readonly<Record<string, unknown>>[] };
    const file = await bare.writeSettings('bare.yml', settings);
    const before = await readFiles(bare.folder);
    for (const argv of [['collect'], ['collect', '--once']]) {
      const ended = await bare.run([...argv, '--config', file]);
      expectMessage(ended, 2, new RegExp(`logs-${bare.name}\\.audit-\\S+: `), /cloudflare-integration install/);
    }
    const checked = await bare.run(['check', '--config', file]);
    expect(checked).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/FAIL +templates and ingest pipelines: .*\n.*install/) });
    expect(await readFiles(bare.folder)).toEqual(before);
  });

  it('install where a template of that name belongs to somebody else', async () => {
    const path = `/_index_template/logs-${bare.name}.logpull`;
    await send(bare.client, 'PUT', path, { index_patterns: [`logs-${bare.name}.logpull-*`], data_stream: {}, priority: 200 });
    const before = await readInstalled(bare);
    const file = await bare.writeSettings('bare.yml', { connections: [world.toConnection()] as Readonly<Record<string, unknown>>[] });
    const ended = await bare.run(['install', '--config', file]);
    expectMessage(ended, 2, new RegExp(`index template logs-${bare.name}\\.logpull`), /Nothing was changed/);
    expect(await readInstalled(bare)).toEqual(before);
    expectMessage(await bare.run(['collect', '--once', '--config', file]), 2, /cloudflare-integration install/);
    await send(bare.client, 'DELETE', path);
  });

  it('collect where another template comes before ours', async () => {
    const path = `/_index_template/${scene.name}-foreign`;
    await send(scene.client, 'PUT', path, { index_patterns: [scene.dataStream('audit', '*')], data_stream: {}, priority: 1000 });
    try {
      await expectNoTrace(async () => expectMessage(await world.collect(good), 2, /index template that applies, \S+-foreign/, /Lower the priority/));
    } finally {
      await send(scene.client, 'DELETE', path);
    }
  });

  it('collect and check with a token that Cloudflare does not know', async () => {
    await expectNoTrace(async () => {
      const file = await world.configure(withToken(UNKNOWN));
      expectMessage(await world.collect(file), 2, /audit of c3c3.* paused: reading audit.*answered 40[13]/, /Check api_token/, /ray [0-9a-f]+-/);
      const checked = await scene.run(['check', '--config', file]);
      expect(checked.exitCode).toBe(2);
      expect(checked.stdout).toMatch(/FAIL +connection small: API token: .*\n +Check api_token/);
      expect(checked.stdout).toMatch(/FAIL +connection small: audit v1, account c3c3.*\n +\S/);
    });
  });

  it('collect with an account id that Cloudflare does not know', async () => {
    await expectNoTrace(async () => {
      const streams = { audit: { account_id: 'f6'.repeat(16) }, logpull: { zone_id: 'f7'.repeat(16) } };
      const file = await world.configure([world.toConnection({ streams })]);
      expectMessage(
        await world.collect(file),
        2,
        /audit of f6f6.* paused: .*Check the id of account f6f6/,
        /logpull of f7f7.* paused: .*Check the id of zone f7f7/,
      );
      expect(await scene.run(['check', '--config', file])).toMatchObject({ exitCode: 2 });
    });
  });

  it('collect where nothing answers under api_url', async () => {
    await expectNoTrace(async () => {
      const file = await world.configure([world.toConnection({ api_url: 'http://127.0.0.1:9/client/v4' })]);
      const ended = await world.collect(file);
      expectMessage(ended, 2, /reading audit of account c3c3.*(ECONNREFUSED|did not answer|no answer)/, /api_url/);
    });
  });

  it('collect on a state that another process uses', async () => {
    const running = scene.start(['collect', '--config', await world.configure()]);
    await running.untilLogged(/ read, /);
    const second = await world.collect(good, { pid: process.ppid });
    expectMessage(second, 2, new RegExp(`in use by process ${process.pid}`), /state\.path/);
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130 });
    expect(await world.collect(good)).toMatchObject({ exitCode: 0 });
  });

  it('collect on a state that is about another cluster', async () => {
    const other = await startOtherCluster(engine);
    try {
      const elasticsearch = { url: other.url, ...engine.credentials, pipeline: scene.pipeline };
      const connections = [world.toConnection()] as Readonly<Record<string, unknown>>[];
      const file = await scene.writeSettings('other-cluster.yml', { elasticsearch, state: { path: world.statePath }, connections });
      await expectNoTrace(async () => expectMessage(await world.collect(file), 2, /is about the cluster \S+, and elasticsearch\.url leads to/, /state\.path/));
    } finally {
      await other.close();
    }
  });

  it('collect on a state of a newer version', async () => {
    const file = join(world.statePath, 'state.json');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace(/"version":\d+/, '"version":99'));
    try {
      await expectNoTrace(async () => expectMessage(await world.collect(good), 2, /state\.json is of version 99/, /newer program/));
    } finally {
      await writeFile(file, before);
    }
  });

  it('one of two accounts refused costs only that one', async () => {
    const narrow = await openSmallWorld(scene, {
      accounts: [{}, { id: OTHER_ACCOUNT }],
      zones: [{}],
      credentials: [{ kind: 'user_token', token: TOKEN }, NARROW],
    });
    try {
      const audit = { account_id: [OTHER_ACCOUNT, ACCOUNT], initial_interval: '50h' };
      const file = await narrow.configure([
        narrow.toConnection({ name: 'narrow', api_token: NARROW.token, streams: { audit } }),
        narrow.toConnection({ name: 'wide', streams: { logpull: { zone_id: ZONE, initial_interval: '150m' } } }),
      ]);
      const ended = await narrow.collect(file);
      expectMessage(ended, 1, /audit of e5e5.* paused: .*Account Settings Read/);
      expect(ended.stderr).not.toMatch(/of c3c3.* paused/);
      expect(await narrow.compare()).toEqual(ALL_STORED);
      const checked = await scene.run(['check', '--config', file]);
      expect(checked).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/FAIL .*account e5e5/) });
      expect(await narrow.collect(await narrow.configure([narrow.toConnection({ name: 'narrow', streams: { audit } })]))).toMatchObject({ exitCode: 0 });
      const stored = await narrow.readStream('audit');
      expect(new Set(stored.map(({ document }) => (document.cloud as { account: { id: string } }).account.id))).toEqual(new Set([ACCOUNT, OTHER_ACCOUNT]));
    } finally {
      await narrow.close();
    }
  });

  it('and what was refused is collected once it is allowed, with nothing lost', async () => {
    expect(await world.collect(await world.configure())).toMatchObject({ exitCode: 0 });
    expect(await world.compare()).toEqual(ALL_STORED);
  });
});

/** The engine under another address, where it says that it is another cluster. */
async function startOtherCluster({ url }: TestEngine): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const body = await buffer(request);
      const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length', 'accept-encoding'].includes(name));
      const method = request.method ?? 'GET';
      const answer = await fetch(`${url}${request.url}`, { method, headers: headers as [string, string][], ...(body.length > 0 && { body }) });
      const text = (await answer.text()).replace(/("cluster_uuid" ?: ?")[^"]*/, '$1another-cluster');
      response.writeHead(answer.status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end(text);
    };
    forward().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
