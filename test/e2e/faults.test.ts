import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ERROR_BODIES } from '../../_dev/cloudflare/error-bodies.ts';
import type { FaultAnswer } from '../../_dev/cloudflare/faults.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ALL_STORED, openSmallWorld, type SmallWorld, toMinute } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

type Stream = 'audit' | 'logpull';

/** What a run does about an answer that it gets once: goes on, gives a window up with a gap, or leaves the rest of the stream to the next run. */
type End = 'settled' | 'gap' | 'refused' | 'failed';

const PATHS: Readonly<Record<Stream, RegExp>> = { audit: /\/audit_logs$/, logpull: /\/logs\/received$/ };
/** Waits are asked for in seconds; the bodies ask for minutes. */
const SOON = { 'retry-after': '1', ratelimit: '' };

const STREAMS = ['audit', 'logpull'] as const;
/** As both streams get the answer, a refusal is one of everything. */
const EXITS: Readonly<Record<End, number>> = { settled: 0, gap: 0, refused: 2, failed: 1 };
const LOGGED: Readonly<Record<End, RegExp>> = {
  settled: /.* read, .* created/,
  gap: /.* is lost: .*Cloudflare answered/,
  refused: /.* paused: .*Cloudflare answered/,
  failed: /.* failed: .*Cloudflare answered/,
};

/** Where a body is not named, the partition is refused. */
const ENDS: Readonly<Record<string, End>> = {
  '09_400_7003_7000_no_route': 'failed',
  '11_429_971_throttle': 'settled',
  '12_429_html_no_json': 'settled',
  '13_400_12091_access_per_page': 'failed',
  '18_400_v1_retention': 'gap',
  '19_400_logpull_too_early': 'gap',
  '20_400_logpull_too_recent': 'settled',
  '21_400_logpull_too_long': 'settled',
  '23_502_html': 'settled',
  '24_504_empty': 'settled',
};

function endOf(name: string): End {
  return ENDS[name] ?? 'refused';
}

let scene: Scene;

async function withWorld(options: CloudflareOptions, act: (world: SmallWorld) => Promise<void>): Promise<void> {
  const world = await openSmallWorld(scene, options);
  try {
    await act(world);
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  } finally {
    await world.close();
  }
}

/** The intervals that the collector says are lost. */
async function readGaps(world: SmallWorld) {
  const gaps = (await world.readStream('collector')).filter(({ document }) => (document.event as { action: string }).action === 'gap');
  return gaps.map(({ document }) => {
    const { collector } = document.cloudflare as { collector: { kind: string; stream: string } };
    const { start, end } = document.event as { start: string; end: string };
    return { kind: collector.kind, stream: collector.stream, since: Date.parse(start), before: Date.parse(end) };
  });
}

async function collect(world: SmallWorld, exitCode: number): Promise<string> {
  const ended = await world.collect(await world.configure());
  expect(ended, ended.stderr).toMatchObject({ exitCode });
  return ended.stderr;
}

const DAMAGES: readonly (readonly [name: string, stream: Stream, answer: FaultAnswer])[] = [
  ['no answer', 'audit', { reset: 'before' }],
  ['no answer', 'logpull', { reset: 'before' }],
  ['a body that breaks off', 'audit', { reset: 300 }],
  ['a body that breaks off', 'logpull', { reset: 3000 }],
  ['a cut gzip', 'audit', { truncateGzip: true }],
  ['a cut gzip', 'logpull', { truncateGzip: true }],
  ['no gzip under that name', 'audit', { notGzip: true }],
  ['no gzip under that name', 'logpull', { notGzip: true }],
  ['an error as last line', 'logpull', { errorTrailer: true }],
  ['an error as only line', 'logpull', { errorTrailer: 0 }],
  ['a cut last line', 'logpull', { cutLastLine: true }],
  ['HTML with status 200', 'audit', { body: '<html>Sorry</html>', headers: { 'content-type': 'text/html' } }],
  ['HTML with status 200', 'logpull', { body: '<html>Sorry</html>', headers: { 'content-type': 'text/html' } }],
  ['a slow body', 'logpull', { dripMs: 20 }],
  ['HTTP 408', 'audit', { status: 408, body: '' }],
  ['HTTP 408', 'logpull', { status: 408, body: '' }],
  ['HTTP 409', 'audit', { status: 409, body: '{}' }],
];

const CROWD: CloudflareOptions = { accounts: [{ bursts: [{ at: toMinute(Date.now()) - 30 * 3_600_000, count: 2500 }] }] };

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
