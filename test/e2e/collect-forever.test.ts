import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createDice } from '../../_dev/cloudflare/random.ts';
import { engineOrSkip } from '../engines.ts';
import { PLANTED_ENV, scanForSecrets } from '../scan-for-secrets.ts';
import { prepareChildren } from './child.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ALL_STORED, openSmallWorld, type SmallWorld, toMinute } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
const SEED = 20261121;
const KILLS = 6;
/** Busy enough that every second brings something new. */
const BUSY = {
  accounts: [{ auditEventsPerHour: 7200, eventsFrom: toMinute(Date.now()) - 10 * MINUTE }],
  zones: [{ linesPerHour: 7200, linesFrom: toMinute(Date.now()) - 12 * MINUTE }],
};

let scene: Scene;
let world: SmallWorld;
const children = new Set<ChildProcess>();

/** `collect` as a user starts it; resolves when it has logged something. */
async function startChild(
  argv: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly log: () => string; readonly ended: Promise<number | string> }> {
  const child = spawn(process.execPath, [join(scene.projectFolder, 'src/cli/bin.js'), ...argv], {
    cwd: scene.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...PLANTED_ENV },
  });
  children.add(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    expect(scanForSecrets({ text: log })).toEqual([]);
    return code ?? signal;
  });
  return { child, log: () => log, ended };
}

async function untilLine(logged: () => string, pattern: RegExp): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!pattern.test(logged())) {
    if (Date.now() > deadline) throw new Error(`${pattern} was not logged:\n${logged()}`);
    await sleep(20);
  }
}

const rollOver = async (stream: string): Promise<unknown> =>
  scene.client.request({ attempt: 'rolling over', method: 'POST', path: `/${scene.dataStream(stream, world.namespace)}/_rollover`, allow: [404] });

/** How many documents there are, also those that a search does not see yet. */
async function countStored(): Promise<number> {
  const path = `/${scene.dataStream('logpull', world.namespace)}`;
  await scene.client.request({ attempt: 'refreshing', method: 'POST', path: `${path}/_refresh`, allow: 'any' });
  const { body } = await scene.client.request<{ readonly count?: number }>({ attempt: 'counting', method: 'GET', path: `${path}/_count`, allow: 'any' });
  return body.count ?? 0;
}

async function untilStored(count: number, log: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await countStored()) < count) {
    if (Date.now() > deadline) throw new Error(`nothing more was stored:\n${log()}`);
    await sleep(30);
  }
}

async function untilAsked(ended: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = world.cloudflare.ledger.onServed(() => {
      stop();
      resolve();
    });
    void ended.then(() => resolve());
  });
}

async function catchUp(): Promise<void> {
  const ended = await world.collect(await world.configure());
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
}

describeEngine('collect, until it is stopped', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await prepareChildren(scene);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  beforeEach(async () => {
    world = await openSmallWorld(scene, BUSY);
  });

  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    children.clear();
    await world.close();
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  });

  it('stores what is new, ends within ten seconds, and goes on where it stopped', async () => {
    const file = await world.configure();
    const counts: number[] = [];
    for (const round of [1, 2]) {
      const running = scene.start(['collect', '--json', '--config', file]);
      const windows = () =>
        running
          .stderr()
          .split('\n')
          .filter((line) => / audit of .* read, /.test(line)).length;
      await running.untilLogged(/(audit of .* read, [\s\S]*){4}/);
      expect(windows()).toBeGreaterThanOrEqual(4);
      const stopped = Date.now();
      running.stop();
      const ended = await running.ended;
      expect(ended, ended.stderr).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('the next start goes on where this one stopped') });
      expect(Date.now() - stopped).toBeLessThan(10_000);
      expect(JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ streams: { audit: { dead: 0 }, logpull: { dead: 0 } } });
      counts.push((await world.readStream('audit')).length);
      if (round === 1) await rollOver('audit');
    }
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    await catchUp();
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it('a partition that is refused is tried again while others go on', async () => {
    world.cloudflare.faults.add({ match: { path: /\/logs\/received$/ }, answer: '02' });
    const running = scene.start(['collect', '--config', await world.configure()]);
    await running.untilLogged(/logpull of .* paused: .*Next try at/);
    await running.untilLogged(/(audit of .* read, [\s\S]*){3}/);
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130 });
    world.cloudflare.faults.clear();
    await catchUp();
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it('SIGTERM ends a real process cleanly', async () => {
    const { child, ended, log } = await startChild(['collect', '--config', await world.configure()]);
    await untilLine(log, / read, /);
    const stopped = Date.now();
    child.kill('SIGTERM');
    expect(await ended, log()).toBe(130);
    expect(Date.now() - stopped).toBeLessThan(10_000);
    await catchUp();
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it(`kill -9 at ${KILLS} moments, with a rollover before the next start, loses nothing and stores nothing twice (seed ${SEED})`, async () => {
    await world.close();
    // Several bulk requests for a window, and an answer that takes a while: most moments lie inside.
    world = await openSmallWorld(scene, { ...BUSY, zones: [{ linesPerHour: 30_000, linesFrom: toMinute(Date.now()) - 12 * MINUTE }] });
    world.cloudflare.faults.add({ match: { path: /\/logs\/received$/ }, answer: { dripMs: 20 } });
    const dice = createDice(SEED);
    const file = await world.configure();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, ended, log } = await startChild(['collect', '--config', file]);
      if (kill % 2 === 0) await untilStored((await countStored()) + 1, log);
      else await untilAsked(ended);
      await sleep(dice.below(800));
      child.kill('SIGKILL');
      expect(await ended, log()).toBe('SIGKILL');
      await rollOver('logpull');
      if (dice.chance(0.5)) await rollOver('audit');
    }
    world.cloudflare.faults.clear();
    await catchUp();
    expect(await world.compare()).toEqual(ALL_STORED);
    expect(new Set((await world.readStream('logpull')).map(({ index }) => index)).size).toBeGreaterThan(1);
  });
});
