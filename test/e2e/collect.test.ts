import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { send } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { compareWithLedger, type Deviations, NO_DEVIATIONS } from './compare-with-ledger.ts';
import { type ExpectedRecord, readAskedUntil, toAuditRecords, toLogpullRecords } from './expected-records.ts';
import { openScene, type Scene } from './open-scene.ts';
import { readStored } from './read-stored.ts';
import { reachNextSecond } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip({ security: true, ingest: true });

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACCOUNTS = ['a1'.repeat(16), 'a2'.repeat(16)] as const;
const ZONES = ['b1'.repeat(16), 'b2'.repeat(16)] as const;
const TAGS = ['forwarded', 'preserve_original_event'];
const FIRST = { account_id: [ACCOUNTS[0]], initial_interval: '24h', preserve_original_event: true };
const LINES = { zone_id: [ZONES[0]], initial_interval: '1h', preserve_original_event: true };

interface Totals {
  readonly streams: Readonly<Record<string, Readonly<Record<'read' | 'created' | 'duplicate' | 'dead' | 'dropped', number>>>>;
}

let scene: Scene;
let cloudflare: SimulatedCloudflare;
let collectKey: string;
// The simulated API draws events in buckets of a minute.
const start = Math.floor(Date.now() / MINUTE) * MINUTE;
const from = { audit: start - 23 * HOUR, logpull: start - 50 * MINUTE };

const toConnection = (name: string, streams: object, given: object = {}) => ({
  name,
  namespace: name,
  api_url: cloudflare.url,
  ...('auth_key' in given ? {} : { api_token: DEMO_CREDENTIALS[0].token }),
  ...given,
  streams,
});

/** Settings with the collect role's API key; each name has its own state and namespace. */
function writeSettings(
  name: string,
  streams: object,
  { pipeline = 'server', ...given }: { readonly pipeline?: string; readonly auth_key?: string; readonly auth_email?: string } = {},
) {
  const elasticsearch = { url: engine.url, api_key: collectKey, pipeline };
  return scene.writeSettings(`${name}.yml`, { elasticsearch, connections: [toConnection(name, streams, given)] });
}

async function collect(file: string, exitCode = 0): Promise<Totals['streams']> {
  const ended = await scene.run(['collect', '--once', '--json', '--config', file]);
  expect(ended, ended.stderr).toMatchObject({ exitCode });
  return (JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '') as Totals).streams;
}

/** What the ledger holds up to the last window asked for. */
function expectOf(stream: 'audit' | 'logpull', scopeId: string): readonly ExpectedRecord[] {
  const stretch = { since: from[stream], before: readAskedUntil(cloudflare.ledger, scopeId) };
  return stream === 'audit' ? toAuditRecords(cloudflare.ledger, scopeId, stretch) : toLogpullRecords(cloudflare.ledger, scopeId, stretch);
}

interface Wanted {
  readonly audit?: readonly string[];
  readonly logpull?: readonly string[];
}

/** Compares all that a namespace holds. */
async function compare(namespace: string, wanted: Wanted): Promise<Readonly<Record<string, Deviations>>> {
  const results: Record<string, Deviations> = {};
  for (const [stream, scopes] of Object.entries(wanted) as ['audit' | 'logpull', readonly string[]][]) {
    const stored = await readStored(engine, scene.dataStream(stream, namespace));
    const expected = scopes.flatMap((scopeId) => expectOf(stream, scopeId));
    results[stream] = compareWithLedger({ definition: scene.definition, stream, namespace, tags: TAGS, stored, expected });
  }
  return results;
}

const clean = (...streams: readonly string[]) => Object.fromEntries(streams.map((stream) => [stream, NO_DEVIATIONS]));

async function makeKeys(): Promise<void> {
  const printed = await scene.run(['install', '--print-roles']);
  const roles = JSON.parse(printed.stdout) as { readonly install: object; readonly collect: object };
  await send(scene.client, 'PUT', `/_security/role/${scene.name}`, roles.install);
  await send(scene.client, 'PUT', `/_security/user/${scene.name}`, { password: scene.name.repeat(2), roles: [scene.name] });
  const key = { name: scene.name, expiration: '1h', role_descriptors: { collect: roles.collect } };
  collectKey = (await send<{ encoded: string }>(scene.client, 'POST', '/_security/api_key', key)).encoded;
}

async function removeKeys(): Promise<void> {
  for (const path of [`/_security/user/${scene.name}`, `/_security/role/${scene.name}`]) {
    await scene.client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
  }
  await scene.client.request({ attempt: 'clean up', method: 'DELETE', path: '/_security/api_key', body: { name: scene.name }, allow: 'any' });
}

describeEngine('from Cloudflare to Elasticsearch, with the roles that install prints', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    cloudflare = await startCloudflare({
      limits: 'off',
      accounts: ACCOUNTS.map((id) => ({ id, auditEventsPerHour: 110, eventsFrom: from.audit })),
      zones: ZONES.map((id) => ({ id, linesPerHour: 2500, linesFrom: from.logpull })),
    });
    await makeKeys();
  });

  afterAll(async () => {
    await removeKeys();
    await scene.close();
    await cloudflare.close();
    expect(cloudflare.ledger.bugs).toEqual([]);
  });

  it('collecting is refused before install, and install with the role for it', async () => {
    const file = await writeSettings('none', { audit: FIRST });
    const ended = await scene.run(['collect', '--once', '--config', file]);
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('install') });
    const refused = await scene.run(['install', '--config', file]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/403.*\n.*/) });
  });

  it('install works with the role for installing, twice', async () => {
    const elasticsearch = { url: engine.url, username: scene.name, password: scene.name.repeat(2) };
    const file = await scene.writeSettings('install.yml', { elasticsearch, connections: [toConnection('install', { audit: FIRST })] });
    for (const round of [1, 2]) {
      const ended = await scene.run(['install', '--config', file]);
      expect(ended, `${round}. ${ended.stderr}`).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${scene.name} 0.1.0 is installed`) });
    }
  });

  it('check says that all is well', async () => {
    const ended = await scene.run(['check', '--config', await writeSettings('main', { audit: FIRST, logpull: LINES })]);
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
    expect(ended.stdout).not.toMatch(/FAIL|warn/);
    expect(ended.stdout).toMatch(
      /rights for collecting[\s\S]*is installed[\s\S]*API token: active[\s\S]*audit v1, account a1a1[\s\S]*logpull received, zone b1b1/,
    );
  });

  it('collect stores what the ledger holds, every document by id and content, and counts it', async () => {
    const totals = await collect(await writeSettings('main', { audit: FIRST, logpull: LINES }));
    expect(await compare('main', { audit: [ACCOUNTS[0]], logpull: [ZONES[0]] })).toEqual(clean('audit', 'logpull'));
    const [audit, logpull] = [expectOf('audit', ACCOUNTS[0]).length, expectOf('logpull', ZONES[0]).length];
    expect(audit).toBeGreaterThan(2400);
    expect(logpull).toBeGreaterThan(1500);
    const none = { duplicate: 0, dead: 0, dropped: 0 };
    expect(totals).toEqual({ audit: { read: audit, created: audit, ...none }, logpull: { read: logpull, created: logpull, ...none } });
  });

  it('a second run and one after a rollover store nothing twice and lose nothing', async () => {
    const file = await writeSettings('main', { audit: FIRST, logpull: LINES });
    for (const round of [1, 2]) {
      if (round > 1) for (const stream of ['audit', 'logpull']) await send(scene.client, 'POST', `/${scene.dataStream(stream, 'main')}/_rollover`);
      await reachNextSecond();
      const before = { audit: expectOf('audit', ACCOUNTS[0]).length, logpull: expectOf('logpull', ZONES[0]).length };
      const totals = await collect(file);
      expect(await compare('main', { audit: [ACCOUNTS[0]], logpull: [ZONES[0]] })).toEqual(clean('audit', 'logpull'));
      expect(totals.audit?.created).toBe(expectOf('audit', ACCOUNTS[0]).length - before.audit);
      expect(totals.logpull?.created).toBe(expectOf('logpull', ZONES[0]).length - before.logpull);
      expect(totals.audit?.duplicate, 'what lies in the overlap is read again').toBeGreaterThan(0);
      expect(totals.audit?.read).toBe((totals.audit?.created ?? 0) + (totals.audit?.duplicate ?? 0));
    }
  });

  it('a stream, an account and a zone can be added between runs', async () => {
    const namespace = 'grown';
    const { audit } = await collect(await writeSettings(namespace, { audit: { ...FIRST, initial_interval: '24h' } }));
    expect(audit?.created).toBe(expectOf('audit', ACCOUNTS[0]).length);
    await collect(await writeSettings(namespace, { audit: FIRST, logpull: LINES }));
    const all = { audit: { ...FIRST, account_id: ACCOUNTS }, logpull: { ...LINES, zone_id: ZONES } };
    const totals = await collect(await writeSettings(namespace, all));
    expect(totals.logpull?.created).toBeGreaterThan(1500);
    expect(await compare(namespace, { audit: ACCOUNTS, logpull: ZONES })).toEqual(clean('audit', 'logpull'));
  });

  it('e-mail and global key serve as well as a token, at the edge as on the server', async () => {
    const { email: auth_email, key: auth_key } = DEMO_CREDENTIALS[1];
    const streams = { audit: FIRST, logpull: LINES };
    for (const pipeline of ['server', 'edge']) {
      const file = await writeSettings(pipeline, streams, { pipeline, auth_email, auth_key });
      const checked = await scene.run(['check', '--config', file]);
      expect(checked, checked.stdout).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('e-mail and global key: active') });
      await collect(file);
    }
    const wanted = { audit: [ACCOUNTS[0]], logpull: [ZONES[0]] };
    expect(await compare('edge', wanted)).toEqual(clean('audit', 'logpull'));
    // The server's window ended a moment before the edge's.
    const [server, edge] = await Promise.all(
      ['server', 'edge'].map(async (name) => (await readStored(engine, scene.dataStream('audit', name))).map(({ id }) => id)),
    );
    expect(edge?.filter((id) => server?.includes(id)).toSorted()).toEqual(server?.toSorted());
    expect(server?.length).toBeGreaterThan(2400);
  });

  it('installed for the edge, there is no ingest pipeline, and the same is stored', async () => {
    const edge = await openScene(engine, 'edge');
    try {
      const elasticsearch = { url: engine.url, ...engine.credentials, pipeline: 'edge' };
      const file = await edge.writeSettings('edge.yml', { elasticsearch, connections: [toConnection('only', { audit: FIRST })] });
      expect(await edge.run(['install', '--config', file])).toMatchObject({ exitCode: 0 });
      const pipelines = await edge.client.request({ attempt: 'looking', method: 'GET', path: `/_ingest/pipeline/logs-${edge.name}.*`, allow: [404] });
      expect(pipelines.body).toEqual({});
      expect(await edge.run(['collect', '--once', '--config', file])).toMatchObject({ exitCode: 0 });
      const { definition } = edge;
      const stored = await readStored(engine, edge.dataStream('audit', 'only'));
      expect(compareWithLedger({ definition, stream: 'audit', namespace: 'only', tags: TAGS, stored, expected: expectOf('audit', ACCOUNTS[0]) })).toEqual(
        NO_DEVIATIONS,
      );
      expect(
        stored.some(({ document }) => 'geo' in ((document.source ?? {}) as object)),
        'nothing is looked up',
      ).toBe(false);
    } finally {
      await edge.close();
    }
  });
});
