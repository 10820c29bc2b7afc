import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import type { StoredDocument } from './read-stored.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, type SmallWorld } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

type Line = Readonly<Record<string, unknown>>;

let scene: Scene;
let world: SmallWorld;
let file: string;

const INTERVAL: Readonly<Record<string, string>> = { audit: '50h', logpull: '150m' };

/** Up to a time that the collection before has settled, however long the test takes. */
async function verify(stream: string, ...given: readonly string[]) {
  return scene.run(['verify', '--config', file, '--connection', 'small', '--stream', stream, '--from', INTERVAL[stream] ?? '', '--to', '15m', ...given]);
}

async function verifyJson(stream: string, ...given: readonly string[]) {
  const { exitCode, stdout, stderr } = await verify(stream, '--json', ...given);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const idsOf = (kind: string): readonly unknown[] => lines.filter((line) => line.kind === kind).map(({ id }) => id);
  return {
    exitCode,
    stderr,
    total: lines.at(-1) as Line,
    missing: idsOf('missing').toSorted(),
    extra: idsOf('extra'),
    windows: lines.filter(({ kind }) => kind === 'window'),
  };
}

const request = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> =>
  scene.client.request({ attempt: `${method} ${path}`, method, path, ...(body && { body }) });

const rollOver = (stream: string): Promise<unknown> => request('POST', `/${scene.dataStream(stream, world.namespace)}/_rollover`);

/** Deletes every seventh document that is old enough to be verified; their ids. */
async function makeHoles(stream: string): Promise<readonly string[]> {
  const old = (await world.readStream(stream)).filter(({ document }) => Date.parse(String(document['@timestamp'])) < Date.now() - 900_000);
  const holes = old.filter((_document, index) => index % 7 === 0);
  for (const { id, index } of holes) await request('DELETE', `/${index}/_doc/${id}`);
  return holes.map(({ id }) => id).toSorted();
}

async function collect(): Promise<void> {
  const ended = await world.collect(file);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
}

describeEngine('verify', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  beforeEach(async () => {
    world = await openSmallWorld(scene);
    file = await world.configure();
  });

  afterEach(async () => {
    await world.close();
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  });

  it.each(['audit', 'logpull'])('finds %s complete, over all backing indices', async (stream) => {
    await collect();
    await rollOver(stream);
    const { exitCode, total, missing, extra, windows } = await verifyJson(stream);
    expect({ exitCode, missing, extra }).toEqual({ exitCode: 0, missing: [], extra: [] });
    expect(total).toMatchObject({ kind: 'total', complete: true, missing: 0, extra: 0, dropped: 0, dead: 0, refilled: 0, unreadable: 0 });
    expect(total.given).toBeGreaterThan(100);
    expect(total.stored).toBe(total.given);
    expect(windows.length).toBeGreaterThan(2);
  });

  it('says that everything is missing where nothing was ever stored', async () => {
    const { exitCode, total, missing } = await verifyJson('audit');
    expect(exitCode).toBe(1);
    expect(total).toMatchObject({ complete: false, stored: 0, missing: missing.length, given: missing.length });
    expect(missing.length).toBeGreaterThan(100);
  });

  it.each(['audit', 'logpull'])('lists what is missing of %s, and sends it with --refill', async (stream) => {
    await collect();
    const holes = await makeHoles(stream);
    await rollOver(stream);
    expect(holes.length).toBeGreaterThan(10);
    const found = await verifyJson(stream);
    expect(found).toMatchObject({ exitCode: 1, missing: holes, extra: [], total: { complete: false, missing: holes.length } });
    const refilled = await verifyJson(stream, '--refill');
    expect(refilled).toMatchObject({ exitCode: 0, missing: [], total: { complete: true, missing: 0, refilled: holes.length } });
    expect(await verifyJson(stream)).toMatchObject({ exitCode: 0, total: { complete: true, refilled: 0 } });
    // The comparison asks up to where the last request did.
    await collect();
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it.each(['audit', 'logpull'])('lists what is stored of %s and no longer given, but nothing of another source', async (stream) => {
    await collect();
    const timeOf = ({ document }: StoredDocument): number => Date.parse(String(document['@timestamp']));
    const sample = (await world.readStream(stream)).toSorted((a, b) => timeOf(a) - timeOf(b))[5] as StoredDocument;
    const extra = `1${sample.id.slice(1, 13)}${'x'.repeat(22)}`;
    const path = `/${scene.dataStream(stream, world.namespace)}/_create`;
    await request('PUT', `${path}/${extra}?pipeline=_none`, { ...sample.document });
    const own = stream === 'audit' ? { cloud: { account: { id: 'f'.repeat(32) } } } : { cloudflare: { logpull: { zone: { id: 'f'.repeat(32) } } } };
    await request('PUT', `${path}/${extra.replaceAll('x', 'y')}?pipeline=_none`, { ...sample.document, ...own });
    expect(await verifyJson(stream)).toMatchObject({ exitCode: 0, missing: [], extra: [extra], total: { complete: true, extra: 1 } });
  });

  it('tells what is dead-lettered apart from what is missing, and shows a table', async () => {
    await collect();
    const [dead, ...missing] = await makeHoles('audit');
    const letter = {
      time: new Date().toISOString(),
      connection: 'small',
      namespace: world.namespace,
      stream: 'audit',
      source: 'v1',
      scope_id: ACCOUNT,
      id: dead,
    };
    await appendFile(join(world.statePath, 'dead-letters.ndjson'), `${JSON.stringify({ ...letter, status: 400, reason: 'mapper', raw: '{}' })}\n`);
    const { exitCode, stdout, stderr } = await verify('audit', '--to', '1m');
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toMatch(/^small: audit v1 of c3c3.*\nwindow +given +stored +missing +extra +dropped +dead\n20\d\d-.* to 20/);
    expect(stdout).toMatch(new RegExp(`\\nall +\\d+ +\\d+ +${missing.length} +0 +0 +1\\n`));
    expect(stdout).toContain(`${missing.length} missing (given by Cloudflare, not stored):\n  20`);
    for (const id of missing.slice(0, 20)) expect(stdout).toContain(id);
    expect(stdout).not.toContain(dead);
    expect(stderr).toContain('are too recent or lie ahead');
  });

  it('fails where Cloudflare cannot be read', async () => {
    await collect();
    const fault = world.cloudflare.faults.add({ match: { path: /audit_logs$/ }, answer: { error: '02_401_10000_authentication_error' } });
    expect(await verifyJson('audit')).toMatchObject({ exitCode: 2, total: { complete: false }, stderr: expect.stringContaining('cannot be verified') });
    fault.remove();
    expect(await verifyJson('audit')).toMatchObject({ exitCode: 0 });
  });
});
