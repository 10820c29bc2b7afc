import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ERROR_BODIES } from '../../_dev/cloudflare/error-bodies.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { engineOrSkip } from '../engines.ts';
import { CROWD, DAMAGES, ENDS, type End, endOf, PATHS, readGaps, SOON } from './cloudflare-faults.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ALL_STORED, type SmallWorld } from './small-world.ts';
import { withSmallWorld } from './with-small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const STREAMS = ['audit', 'logpull'] as const;
/** As both streams get the answer, a refusal is one of everything. */
const EXITS: Readonly<Record<End, number>> = { settled: 0, gap: 0, refused: 2, failed: 1 };
const LOGGED: Readonly<Record<End, RegExp>> = {
  settled: /.* read, .* created/,
  gap: /.* is lost: .*Cloudflare answered/,
  refused: /.* paused: .*Cloudflare answered/,
  failed: /.* failed: .*Cloudflare answered/,
};

let scene: Scene;

const withWorld = (options: CloudflareOptions, act: (world: SmallWorld) => Promise<void>): Promise<void> => withSmallWorld(scene, options, act);

async function collect(world: SmallWorld, exitCode: number): Promise<string> {
  const ended = await world.collect(await world.configure());
  expect(ended, ended.stderr).toMatchObject({ exitCode });
  return ended.stderr;
}

describeEngine('an answer that comes once and is wrong', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it('has an end for every error body', () => {
    const names = ERROR_BODIES.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(25);
    expect(Object.keys(ENDS).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.concurrent.each(ERROR_BODIES.map(({ name }) => [name, endOf(name)] as const))('%s in the middle of both streams: %s', async (name, end) => {
    await withWorld({}, async (world) => {
      const { faults } = world.cloudflare;
      const struck = STREAMS.map((stream) => faults.add({ match: { path: PATHS[stream], nth: 2, times: 1 }, answer: { error: name, headers: SOON } }));
      const log = await collect(world, EXITS[end]);
      expect(struck.map((fault) => fault.struck())).toEqual([1, 1]);
      for (const stream of STREAMS) expect(log).toMatch(new RegExp(`${stream} of ${LOGGED[end].source}`));
      const lost = await readGaps(world);
      expect(lost.map((gap) => `${gap.kind} ${gap.stream}`).toSorted()).toEqual(end === 'gap' ? ['gap audit', 'gap logpull'] : []);
      if (EXITS[end] > 0) await collect(world, 0);
      expect(await world.compare({ lost })).toEqual(ALL_STORED);
    });
  });

  it.concurrent.each(DAMAGES)(
    '%s from %s costs nothing',
    async (_name, stream, answer) => {
      await withWorld({}, async (world) => {
        const fault = world.cloudflare.faults.add({ match: { path: PATHS[stream], nth: 2, times: 1 }, answer });
        await collect(world, 0);
        expect(fault.struck()).toBe(1);
        expect(await readGaps(world)).toEqual([]);
        expect(await world.compare()).toEqual(ALL_STORED);
      });
    },
    90_000,
  );

  it('504 for deep pages, and for a second that holds many, costs nothing', async () => {
    await withWorld(CROWD, async (world) => {
      const fault = world.cloudflare.faults.add({ match: { path: PATHS.audit, times: 2 }, answer: { deepPage504: 2 } });
      await collect(world, 0);
      expect(fault.struck()).toBe(2);
      expect(await world.compare()).toEqual(ALL_STORED);
    });
  });

  it('a page that comes twice costs nothing, or a gap', async () => {
    await withWorld(CROWD, async (world) => {
      const fault = world.cloudflare.faults.add({ match: { path: PATHS.audit, query: { page: '2' }, times: 1 }, answer: { repeatPage: true } });
      await collect(world, 0);
      expect(fault.struck()).toBe(1);
      expect(await world.compare({ lost: await readGaps(world) })).toEqual(ALL_STORED);
    });
  });
});
