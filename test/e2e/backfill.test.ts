import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { engineOrSkip } from '../engines.ts';
import { prepareChildren, startChild } from './child.ts';
import { compareWithLedger, NO_DEVIATIONS } from './compare-with-ledger.ts';
import { readAskedUntil, toAuditRecords } from './expected-records.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, type SmallWorld, toMinute, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const HOUR = 3_600_000;

let scene: Scene;
let world: SmallWorld;

const toArgs = (file: string, ...given: readonly string[]): readonly string[] => ['backfill', '--connection', 'small', '--config', file, '--json', ...given];

async function backfill(file: string, ...given: readonly string[]) {
  const ended = await scene.run(toArgs(file, ...given));
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  return { ...ended, totals: JSON.parse(ended.stdout).streams as Readonly<Record<string, Readonly<Record<string, number>>>> };
}

async function collect(file: string): Promise<void> {
  const ended = await world.collect(file);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
}

async function rollOver(stream: string): Promise<void> {
  await scene.client.request({ attempt: 'rolling over', method: 'POST', path: `/${scene.dataStream(stream, world.namespace)}/_rollover` });
}

/** The contents of live collection's checkpoints. */
async function readCheckpoints(): Promise<readonly string[]> {
  const folder = join(world.statePath, 'partitions');
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]+\.json$/.test(name)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}

/** Both streams, each from so long ago on. */
function toStreams(audit: string, logpull: string): object {
  return { streams: { audit: { account_id: ACCOUNT, initial_interval: audit }, logpull: { zone_id: ZONE, initial_interval: logpull } } };
}

/** Resolves when so many requests were answered; rejects when the process ends before. */
async function untilServed(count: number, ended: Promise<unknown>): Promise<void> {
  const { ledger } = world.cloudflare;
  const served = new Promise<void>((resolve) => {
    const stop = ledger.onServed(() => {
      if (ledger.requests.length < count) return;
      stop();
      resolve();
    });
  });
  const early = ended.then((end) => Promise.reject(new Error(`the process ended with ${String(end)} before ${count} requests were answered`)));
  // It ends later anyhow: nobody listens any more then.
  early.catch(() => {});
  await Promise.race([served, early]);
}

async function useWorld(options: CloudflareOptions): Promise<void> {
  await world.close();
  world = await openSmallWorld(scene, options);
}

describeEngine('backfill', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await prepareChildren(scene);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  beforeEach(async () => {
    world = await openSmallWorld(scene);
  });

  afterEach(async () => {
    await world.close();
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  });

  it('stores what live collection had not reached back to, and nothing twice after a rollover; the checkpoints of live collection stay', async () => {
    const file = await world.configure([world.toConnection(toStreams('20h', '30m'))]);
    await collect(file);
    const [live, checkpoints] = [(await world.readStream('audit')).length, await readCheckpoints()];
    expect(live).toBeGreaterThan(20);
    for (const stream of ['audit', 'logpull']) await rollOver(stream);
    const { totals } = await backfill(file, '--stream', 'audit', '--from', '50h', '--to', 'now');
    await backfill(file, '--stream', 'logpull', '--from', '150m', '--to', 'now');
    expect(totals.audit?.created).toBeGreaterThan(50);
    // But for the last minutes, which are left to live collection.
    expect(totals.audit?.duplicate).toBeGreaterThan(live - 10);
    expect(await readCheckpoints()).toEqual(checkpoints);
    expect(await world.compare()).toEqual(ALL_STORED);
    expect(new Set((await world.readStream('audit')).map(({ index }) => index)).size).toBe(2);
  });

  it('says that it is finished where nothing is left, and does it again with --restart', async () => {
    const file = await world.configure();
    const [from, to] = [new Date(world.from.audit).toISOString(), new Date(world.from.audit + 30 * HOUR).toISOString()];
    const given = ['--stream', 'audit', '--from', from, '--to', to];
    const first = await backfill(file, ...given);
    expect(first.stderr).toContain('the interval is settled');
    const asked = world.cloudflare.ledger.requests.length;
    const second = await backfill(file, ...given);
    expect(second.stderr).toContain('is finished: nothing is left to do; --restart does it again');
    expect(second.totals.audit).toEqual({ read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 });
    expect(world.cloudflare.ledger.requests).toHaveLength(asked);
    const third = await backfill(file, ...given, '--restart');
    expect(third.totals.audit).toMatchObject({ read: first.totals.audit?.read, duplicate: first.totals.audit?.read, created: 0 });
  });

  it('killed in the middle and started again, goes on where it was, and stores nothing twice though the index rolled over', async () => {
    const begin = toMinute(Date.now()) - 240 * HOUR;
    await useWorld({ accounts: [{ auditEventsPerHour: 20, eventsFrom: begin }] });
    const { requests } = world.cloudflare.ledger;
    const file = await world.configure();
    const given = ['--stream', 'audit', '--from', '241h', '--to', '1h'];
    const slow = world.cloudflare.faults.add({ match: { path: /audit_logs$/ }, answer: { slowMs: 200 } });
    const child = startChild(scene, toArgs(file, ...given));
    await untilServed(7, child.ended);
    child.kill('SIGKILL');
    expect(await child.ended, child.log()).toBe('SIGKILL');
    slow.remove();
    await rollOver('audit');
    const stored = (await world.readStream('audit')).length;
    const asked = requests.length;
    const { stderr, totals } = await backfill(file, ...given);
    expect(stderr).toContain('going on where it stopped');
    const [first, next] = [requests[0], requests[asked]].map((request) => Date.parse(request?.query.since ?? ''));
    expect(next).toBeGreaterThan((first ?? 0) + 48 * HOUR);
    expect(totals.audit?.created).toBeGreaterThan(1000);
    expect((totals.audit?.created ?? 0) + stored).toBe((await world.readStream('audit')).length);
    const { definition } = scene;
    const settled = { since: begin, before: readAskedUntil(world.cloudflare.ledger, ACCOUNT) };
    const [documents, expected] = [await world.readStream('audit'), toAuditRecords(world.cloudflare.ledger, ACCOUNT, settled)];
    // Bounds are inclusive: what happened exactly at the end may be there.
    const tolerated = toAuditRecords(world.cloudflare.ledger, ACCOUNT, { since: settled.before, before: settled.before + 1 });
    expect(compareWithLedger({ definition, stream: 'audit', namespace: world.namespace, stored: documents, expected, tolerated })).toEqual(NO_DEVIATIONS);
  });

  it('runs beside a live collection with the same settings', async () => {
    const file = await world.configure([world.toConnection(toStreams('1h', '30m'))]);
    const live = scene.start(['collect', '--config', file]);
    await live.untilLogged(/audit of .* read, /);
    await backfill(file, '--stream', 'audit', '--from', '50h', '--to', '30m');
    await backfill(file, '--stream', 'logpull', '--from', '150m', '--to', '20m');
    live.stop();
    expect(await live.ended).toMatchObject({ exitCode: 130 });
    await collect(file);
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it('leaves to live collection what it has still to settle, so that both together store nothing twice though the index rolls over', async () => {
    const file = await world.configure([world.toConnection(toStreams('40h', '30m'))]);
    // Live collection is refused after its first window, as if it had been stopped a day ago.
    const refusal = world.cloudflare.faults.add({ match: { path: /audit_logs$/, nth: 2 }, answer: { error: '02_401_10000_authentication_error' } });
    expect(await world.collect(file)).toMatchObject({ exitCode: 1 });
    refusal.remove();
    const { stderr } = await backfill(file, '--stream', 'audit', '--from', '50h', '--to', 'now');
    expect(stderr).toMatch(/audit v1 of c3.*: what lies behind 20.* is left to live collection, which goes on from there/);
    await rollOver('audit');
    await collect(file);
    expect((await world.compare()).audit).toEqual(ALL_STORED.audit);
  });

  it('warns of what is out of reach, and collects the rest', async () => {
    const file = await world.configure([world.toConnection(toStreams('1h', '30m'))]);
    const old = await backfill(file, '--stream', 'logpull', '--from', '10d', '--to', '165h');
    expect(old.stderr).toContain('logpull received: 3 d 1 h of the 3 d 3 h asked for are out of reach: Cloudflare keeps 6 d 23 h, so nothing before 20');
    const ahead = await backfill(file, '--stream', 'audit', '--from', '50h', '--to', '2099-01-01');
    expect(ahead.stderr).toMatch(/audit v1: the last \d+ d( \d+ h)? are too recent or lie ahead: nothing behind 20/);
    expect((await world.compare()).audit).toEqual(ALL_STORED.audit);
    expect(world.cloudflare.ledger.requests.filter(({ status }) => status !== 200)).toEqual([]);
    const gone = await scene.run(toArgs(file, '--stream', 'logpull', '--from', '30d', '--to', '20d'));
    expect(gone, gone.stderr).toMatchObject({ exitCode: 2, stdout: '' });
    expect(gone.stderr).toMatch(/nothing between 20.* and 20.* can be had from Cloudflare\n {2}Name an interval that Cloudflare still keeps/);
  });
});
