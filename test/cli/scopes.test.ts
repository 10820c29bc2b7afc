import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { followChanges } from '../../src/cli/follow-changes.ts';
import { openScopes, type Scopes } from '../../src/cli/open-scopes.ts';
import { openSettings } from '../../src/cli/open-settings.ts';
import type { Replanning } from '../../src/collect/collect.ts';
import type { ConnectionSettings } from '../../src/settings/settings.ts';
import { type CliResult, PROJECT, runCli } from './run-cli.ts';

const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];
const WIDE = 'w'.repeat(44);
const NARROW = 'n'.repeat(44);
const LOGS_ONLY = 'l'.repeat(44);
const credentials: readonly CredentialOptions[] = [
  { kind: 'user_token', token: WIDE },
  { kind: 'user_token', token: NARROW, grants: { [FIRST]: ['Logs Read'], [SECOND]: ['Logs Read', 'Zone Read'] } },
  { kind: 'user_token', token: LOGS_ONLY, grants: {} },
];

let api: SimulatedCloudflare;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scopes-'));
  const zones = [FIRST, SECOND, THIRD].map((id, index) => ({ id, name: `${['example', 'shop.example', 'test.example'][index]}.com` }));
  api = await startCloudflare({ limits: 'off', credentials, zones });
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

async function configure(logpull: object, token = WIDE, more: object = {}): Promise<string> {
  const file = join(folder, 'settings.yml');
  const connections = [{ name: 'main', api_url: api.url, api_token: token, streams: { logpull }, ...more }];
  await writeFile(file, JSON.stringify({ elasticsearch: { url: 'http://127.0.0.1:9' }, connections }));
  return file;
}

async function run(command: string, logpull: object, token?: string, more?: object): Promise<CliResult> {
  return runCli([...command.split(' '), '--config', await configure(logpull, token, more)]);
}

interface Asked {
  readonly scopes: Scopes;
  readonly replanning: Replanning | undefined;
  readonly logged: () => string;
  readonly again: () => Promise<readonly string[]>;
}

/** Asks as `collect` does; `again` answers with the ids of the new plan. */
async function ask(logpull: object, token?: string): Promise<Asked> {
  let log = '';
  const context = {
    env: {},
    cwd: folder,
    projectFolder: resolve(PROJECT),
    stdout: { write: () => {} },
    stderr: {
      write: (text: string) => {
        log += text;
      },
    },
    signal: new AbortController().signal,
    pid: 1,
    version: '0',
    isRunning: () => false,
    readStdin: async () => Buffer.alloc(0),
  };
  const opened = await openSettings({ args: [], options: { config: await configure(logpull, token) } }, context);
  let now = Date.now();
  const scopes = await openScopes(opened, context, () => now);
  let connections: readonly ConnectionSettings[] = scopes.opened.settings.connections;
  const live = { list: () => connections.map((connection) => ({ ...connection, revision: 0 })) };
  const follow = async (next: readonly ConnectionSettings[]): Promise<void> => {
    connections = next;
  };
  const replanning = followChanges({ given: opened, scopes, live, follow });
  const again: Asked['again'] = async () => {
    now += replanning?.afterMs() ?? 0;
    return ((await replanning?.plan(context.signal)) ?? []).map(({ partition }) => partition.scopeId);
  };
  return { scopes, replanning, logged: () => log, again };
}

const idsOf = ({ opened }: Scopes): readonly string[] => opened.settings.connections.flatMap(({ streams }) => streams.flatMap(({ scopeIds }) => scopeIds));

describe('openScopes', () => {
  it('fills in what the credential sees and the names choose', async () => {
    const { scopes, logged } = await ask({ zone_id: 'all', zone_name: ['*example.com', '!test.*'] });
    expect(idsOf(scopes)).toEqual([FIRST, SECOND]);
    expect(logged()).toContain('main: logpull of all zones: 2 zones (example.com, shop.example.com), 1 left out by zone_name (test.example.com)');
  });

  it('asks nothing where the settings name ids', async () => {
    const { scopes, replanning } = await ask({ zone_id: [THIRD] });
    expect([idsOf(scopes), replanning]).toEqual([[THIRD], undefined]);
    expect(api.ledger.requests).toEqual([]);
  });

  it('follows what comes and goes: warns once, stops the second time, begins again', async () => {
    api.setSwitch('zonesList', 'narrowed');
    const { scopes, replanning, again, logged } = await ask({ zone_id: 'all' }, NARROW);
    expect(idsOf(scopes)).toEqual([SECOND]);
    expect(replanning?.afterMs()).toBe(15 * 60_000);
    api.setSwitch('zonesList', 'permitted');
    expect(await again()).toEqual([FIRST, SECOND]);
    expect(logged()).toContain(`zone example.com (${FIRST}) is new`);
    api.setSwitch('zonesList', 'narrowed');
    expect(await again()).toEqual([SECOND, FIRST]);
    expect(logged()).toContain(`zone example.com (${FIRST}) is no longer among`);
    expect(logged()).not.toContain('is not collected any more');
    expect(await again()).toEqual([SECOND]);
    expect(logged()).toContain(`zone example.com (${FIRST}) is still gone and is not collected any more`);
    expect(await again()).toEqual([SECOND]);
  });

  it('keeps what it knows while Cloudflare refuses the list, and asks sooner', async () => {
    const { replanning, again, logged } = await ask({ zone_id: 'all' });
    api.faults.add({ match: { path: /\/zones$/ }, answer: '02' });
    for (let round = 0; round < 3; round += 1) expect(await again()).toEqual([FIRST, SECOND, THIRD]);
    expect(logged()).toMatch(/listing zones: Cloudflare answered/);
    expect(replanning?.afterMs()).toBe(60_000);
    api.faults.clear();
    expect(await again()).toEqual([FIRST, SECOND, THIRD]);
    expect(replanning?.afterMs()).toBe(15 * 60_000);
  });
});

describe('collect and check of all accounts or zones', () => {
  it.each([
    ['no name matches', { zone_id: 'all', zone_name: 'exmaple.com' }, WIDE, /no zone matches: 0 zones, 3 left out by zone_name.*\n.*Correct zone_name/],
    ['the credential sees none', { zone_id: 'all' }, LOGS_ONLY, /no zone matches: 0 zones.*\n.*"Zone Read"/],
    ['the token is unknown', { zone_id: 'all' }, 'u'.repeat(44), /logpull of all zones: listing zones: Cloudflare answered 40[0-9].*Check api_token/],
  ])('end before anything is opened where %s', async (_what, logpull, token, message) => {
    const ended = await run('collect --once', logpull, token);
    expect(ended.exitCode, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(message);
  });

  it('refuse a token that an account owns before they ask', async () => {
    const streams = { audit: { account_id: 'all' } };
    const ended = await run('collect --once', {}, `cfat_${'t'.repeat(40)}`, { streams });
    expect(ended).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('connections[0].streams.audit.account_id: a token that an account owns cannot list accounts'),
    });
    expect(api.ledger.requests).toEqual([]);
  });

  it('check shows what was found, and tries each', async () => {
    const { stdout } = await run('check', { zone_id: 'all', zone_name: '!test.*' });
    expect(stdout).toContain(
      'ok    connection main: logpull, zone_id all: 2 zones (example.com, shop.example.com), 1 left out by zone_name (test.example.com)\n',
    );
    expect(stdout.match(/logpull received, zone [12]{32}: readable/g)).toHaveLength(2);
    const none = await run('check', { zone_id: 'all', zone_name: 'none' });
    expect(none.stdout).toMatch(/FAIL {2}connection main: logpull, zone_id all: 0 zones, 3 left out.*\n +Correct zone_name/);
  });

  it('check warns of a critical zone that the credential does not see, and stops nothing', async () => {
    const account_id = ['3'.repeat(32)];
    const checked = (critical_zones: readonly string[]) => run('check', {}, WIDE, { streams: { audit: { account_id, critical_zones } } });
    const [known, unknown] = [await checked(['Example.com', FIRST]), await checked(['exmaple.com', 'test.example.com'])];
    expect(known.stdout).toContain('ok    connection main: audit, critical_zones: all 2 known\n');
    expect(unknown.stdout).toMatch(
      /warn {2}connection main: audit, critical_zones: exmaple\.com is no zone that the credential sees\n +Did you mean example\.com\?/,
    );
    expect(unknown.stdout).not.toContain('test.example.com is no zone');
    expect(unknown.exitCode).toBe(known.exitCode);
    const refused = await run('check', {}, LOGS_ONLY, { streams: { audit: { account_id, critical_zones: ['example.com'] } } });
    expect(refused.stdout).toMatch(
      /warn {2}connection main: audit, critical_zones: the credential sees no zones.*\n +Give the token the permission "Zone Read"/,
    );
  });
});
