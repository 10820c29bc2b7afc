import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { prepareChildren } from './child.ts';
import { readAskedUntil, toAuditRecords } from './expected-records.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, type SmallWorld, toMinute } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000 });

const MINUTE = 60_000;
const LEASE_MS = 6_100;
const ACCOUNTS = [ACCOUNT, ...['a1', 'a2', 'a3', 'a4', 'a5'].map((pair) => pair.repeat(16))];
const STREAMS = ['audit', 'logpull'];

let scene: Scene;
let world: SmallWorld;
let settings: string;
const children = new Set<ChildProcess>();

/** A collector as a user starts it. */
interface Collector {
  readonly child: ChildProcess;
  readonly log: () => string;
  /** How many windows it has settled. */
  readonly windows: () => number;
  readonly ended: Promise<number | string>;
}

function start(): Collector {
  const argv = [join(scene.projectFolder, 'src/cli/bin.js'), 'collect', '--config', settings];
  const child = spawn(process.execPath, argv, { cwd: scene.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  return { child, log: () => log, windows: () => log.match(/ read, /g)?.length ?? 0, ended };
}

async function until(what: string, is: () => boolean | Promise<boolean>, log: () => string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await is())) {
    const died = [...children].some(({ exitCode }) => exitCode !== null && exitCode !== 130);
    if (died || Date.now() > deadline) throw new Error(`${what} did not happen:\n${log()}`);
    await sleep(50);
  }
}

async function rollOver(): Promise<void> {
  for (const stream of STREAMS) {
    const path = `/${scene.dataStream(stream, world.namespace)}/_rollover`;
    await scene.client.request({ attempt: 'rolling over', method: 'POST', path, allow: [404] });
  }
}

/** How far each partition is settled, and who works on it. */
async function readState(): Promise<readonly { readonly key: string; readonly until: string; readonly holder?: string }[]> {
  const { stdout } = await scene.run(['state', 'list', '--json', '--config', settings]);
  return JSON.parse(stdout) as [];
}

/** Resolves when every partition is further than now. */
async function untilAllMoved(log: () => string): Promise<void> {
  const before = new Map((await readState()).map(({ key, until: settled }) => [key, settled]));
  await until('a window of every partition', async () => (await readState()).every(({ key, until: settled }) => settled > (before.get(key) ?? '')), log);
}

/** What is stored otherwise than the ledger says, for all accounts and the zone. */
async function compareAll(): ReturnType<SmallWorld['compare']> {
  const { ledger } = world.cloudflare;
  const audit = ACCOUNTS.slice(1).flatMap((id) => toAuditRecords(ledger, id, { since: world.from.audit, before: readAskedUntil(ledger, id) }));
  return world.compare({ more: { audit } });
}

describeEngine('two collectors on one state in Elasticsearch', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await prepareChildren(scene);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  beforeEach(async () => {
    const from = toMinute(Date.now()) - 12 * MINUTE;
    world = await openSmallWorld(scene, {
      accounts: ACCOUNTS.map((id) => ({ id, auditEventsPerHour: 3_600, eventsFrom: from })),
      zones: [{ linesPerHour: 7_200, linesFrom: from }],
    });
    const streams = {
      audit: { account_id: ACCOUNTS, interval: '4s', initial_interval: '50h' },
      logpull: { zone_id: 'd4'.repeat(16), interval: '4s', initial_interval: '150m' },
    };
    settings = await scene.writeSettings(`${world.namespace}.yml`, {
      state: { path: `./state-${world.namespace}`, store: 'elasticsearch', lease: `${LEASE_MS}ms` },
      connections: [world.toConnection({ streams }) as Readonly<Record<string, unknown>>],
    });
  });

  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    children.clear();
    await world.close();
    await scene.run(['state', 'reset', '--all', '--yes', '--force', '--config', settings]);
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  });

  it('share the work; when one is killed the other takes over, and what it does is stored once', async () => {
    const [one, two] = [start(), start()];
    const log = () => `${one.log()}\n---\n${two.log()}`;
    await until('work of both', () => one.windows() > 3 && two.windows() > 3, log);
    one.child.kill('SIGKILL');
    expect(await one.ended).toBe('SIGKILL');
    await rollOver();
    await untilAllMoved(log);
    two.child.kill('SIGTERM');
    expect(await two.ended, log()).toBe(130);
    expect((await readState()).filter(({ holder }) => holder !== undefined)).toEqual([]);
    const ended = await world.collect(settings);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await compareAll()).toEqual(ALL_STORED);
  });

  it('one that was frozen for longer than a lease leaves to the other what it has taken over, and goes on', async () => {
    world.cloudflare.faults.add({ match: { path: /\/logs\/received$/ }, answer: { dripMs: 20 } });
    const [one, two] = [start(), start()];
    const log = () => `${one.log()}\n---\n${two.log()}`;
    await until('work of both', () => one.windows() > 1 && two.windows() > 1, log);
    const holds = async () => (await readState()).some(({ holder }) => holder?.includes(`-${one.child.pid}-`));
    await until('a partition in the hands of one', holds, log);
    one.child.kill('SIGSTOP');
    await rollOver();
    await untilAllMoved(log);
    await sleep(2 * LEASE_MS);
    await rollOver();
    const [windowsOfOne] = [one.windows()];
    one.child.kill('SIGCONT');
    await until('work of the one that was frozen', () => one.windows() > windowsOfOne + 3, log);
    world.cloudflare.faults.clear();
    for (const { child, ended } of [one, two]) {
      child.kill('SIGTERM');
      expect(await ended, log()).toBe(130);
    }
    const ended = await world.collect(settings);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await compareAll()).toEqual(ALL_STORED);
  });
});
