import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, reachNextSecond, type SmallWorld, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

let scene: Scene;
let world: SmallWorld;
let shared: string;

/** Settings with the state in Elasticsearch. */
const toShared = (connection = world.toConnection()) =>
  scene.writeSettings('shared.yml', {
    state: { path: './state-shared', store: 'elasticsearch' },
    connections: [connection as Readonly<Record<string, unknown>>],
  });

async function listKeys(file: string): Promise<readonly string[]> {
  const { stdout } = await scene.run(['state', 'list', '--json', '--config', file]);
  return (JSON.parse(stdout) as { readonly key: string }[]).map(({ key }) => key);
}

const rollOver = (stream: string) =>
  scene.client.request({ attempt: 'rolling over', method: 'POST', path: `/${scene.dataStream(stream, world.namespace)}/_rollover` });

describeEngine('state', () => {
  let file: string;
  let keys: readonly string[];

  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
    world = await openSmallWorld(scene);
    file = await world.configure();
    shared = await toShared();
    keys = [`small/${world.namespace}/audit/v1/${ACCOUNT}`, `small/${world.namespace}/logpull/received/${ZONE}`];
  });

  afterAll(async () => {
    await world.close();
    await scene.close();
  });

  it('lists and shows what a collection left, and says so where there was none', async () => {
    expect(await scene.run(['state', 'list', '--config', file])).toMatchObject({ exitCode: 0, stdout: 'nothing was collected yet\n' });
    expect(await world.collect(file)).toMatchObject({ exitCode: 0 });
    expect(await listKeys(file)).toEqual(keys);
    expect((await scene.run(['state', 'list', '--config', file])).stdout).toMatch(new RegExp(`^partition +settled until.*\n${keys[0]} +20\\S+Z`));
    const shown = await scene.run(['state', 'show', String(keys[0]), '--config', file]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ key: keys[0], checkpoint: { until: expect.any(Number) as number } });
    const unknown = await scene.run(['state', 'show', `${keys[0]}x`, '--config', file]);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`Did you mean ${keys[0]}?`) as string });
  });

  it('moves from the folder to Elasticsearch: collecting goes on there, and after a rollover nothing is stored twice', async () => {
    expect(await scene.run(['state', 'export', 'state.json', '--config', file])).toMatchObject({
      exitCode: 0,
      stdout: '2 checkpoints are exported to state.json\n',
    });
    expect(await scene.run(['state', 'import', 'state.json', '--config', shared])).toMatchObject({
      exitCode: 0,
      stdout: '2 checkpoints are imported from state.json\n',
    });
    expect(await listKeys(shared)).toEqual(keys);
    await rollOver('audit');
    await rollOver('logpull');
    await reachNextSecond();
    const ended = await world.collect(shared);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await world.compare()).toEqual(ALL_STORED);
  });

  it('refuses to import what is older, is about another cluster or is damaged, and changes nothing', async () => {
    const before = (await scene.run(['state', 'list', '--json', '--config', shared])).stdout;
    const run = (name: string, ...more: readonly string[]) => scene.run(['state', 'import', name, '--config', shared, ...more]);
    expect(await run('state.json')).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/newer than the exported one[\s\S]*--force/) as string });
    const text = await readFile(join(scene.folder, 'state.json'), 'utf8');
    const write = (name: string, content: string) => writeFile(join(scene.folder, name), content);
    await write('other.json', text.replace(/"cluster_id": "[^"]*"/, '"cluster_id": "elsewhere"'));
    expect(await run('other.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('about the cluster elsewhere') as string });
    await write('cut.json', text.slice(0, 99));
    expect(await run('cut.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is no JSON') as string });
    await write('wrong.json', text.replace('"until"', '"untill"'));
    expect(await run('wrong.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('partitions[0].checkpoint is no checkpoint') as string });
    await write('newer.json', text.replace('"version": 1', '"version": 2'));
    expect(await run('newer.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('of version 2') as string });
    expect((await scene.run(['state', 'list', '--json', '--config', shared])).stdout).toBe(before);
    expect(await run('state.json', '--force')).toMatchObject({ exitCode: 0 });
  });

  it('stops where the namespace of a connection is another one, in both stores', async () => {
    const moved = world.toConnection({ namespace: 'elsewhere' });
    for (const settings of [await world.configure([moved]), await toShared(moved)]) {
      const ended = await world.collect(settings);
      expect(ended).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/about the namespace world\d+, and the settings say elsewhere[\s\S]*state reset/) as string,
      });
    }
    await Promise.all([world.configure(), toShared()]);
  });

  it('resets only when it is sure, and collecting begins anew', async () => {
    for (const settings of [file, shared]) {
      const asked = await scene.run(['state', 'reset', '--all', '--config', settings]);
      expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/would forget 2 checkpoints[\s\S]*--yes/) as string });
      expect(await scene.run(['state', 'reset', String(keys[0]), '--yes', '--config', settings])).toMatchObject({ exitCode: 0 });
      expect(await listKeys(settings)).toEqual(keys.slice(1));
      expect(await scene.run(['state', 'reset', '--all', '--yes', '--config', settings])).toMatchObject({ exitCode: 0 });
      expect(await listKeys(settings)).toEqual([]);
    }
    expect(await scene.run(['state', 'reset', '--config', shared])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('takes a KEY or --all') as string,
    });
    expect(await world.collect(shared)).toMatchObject({ exitCode: 0 });
    expect(await listKeys(shared)).toEqual(keys);
  });

  it('can be looked at while a collector has the folder locked, but not changed', async () => {
    const running = scene.start(['collect', '--config', file]);
    await running.untilLogged(/ read, /);
    expect(await listKeys(file)).not.toEqual([]);
    const reset = await scene.run(['state', 'reset', '--all', '--yes', '--config', file], { pid: process.ppid });
    expect(reset).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('in use by process') as string });
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130 });
  });
});
