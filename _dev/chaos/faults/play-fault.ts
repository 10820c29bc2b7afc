import { isDeepStrictEqual } from 'node:util';
import { readGaps } from '../../../test/e2e/cloudflare-faults.ts';
import type { Scene } from '../../../test/e2e/open-scene.ts';
import { ALL_STORED, openSmallWorld } from '../../../test/e2e/small-world.ts';
import { startElasticsearchProxy } from '../elasticsearch-proxy.ts';
import { type Bench, type FaultCase, type Played, toAct } from './fault-case.ts';

/** What came of a case. */
export interface Verdict {
  readonly played: FaultCase;
  readonly seen: string;
  readonly wrong: readonly string[];
}

/** Plays one fault in a world of its own: a run under the fault, where it did not settle everything a second one, then the comparison. */
export async function playFault(scene: Scene, played: FaultCase): Promise<Verdict> {
  const proxy = await startElasticsearchProxy(scene.engine.url);
  const elasticsearch = { url: proxy.url, pipeline: scene.pipeline };
  const own: Scene = { ...scene, writeSettings: (file, settings) => scene.writeSettings(file, { ...settings, elasticsearch }) };
  const world = await openSmallWorld(own, played.world);
  try {
    return await play({ scene, world, proxy }, played);
  } finally {
    await world.close();
    await proxy.close();
  }
}

async function play(bench: Bench, played: FaultCase): Promise<Verdict> {
  const { world } = bench;
  const struck = await played.arrange(bench);
  const file = await world.configure([world.toConnection(played.connection)]);
  const first = await collect(bench, file);
  const seen = toAct(first);
  const wrong = seen === played.expected ? [] : [`expected: ${played.expected}`, first.log.slice(-1500)];
  played.meanwhile?.(bench);
  if (first.exitCode !== 0 || played.meanwhile !== undefined) {
    const second = await collect(bench, file);
    if (second.exitCode !== 0) wrong.push(`the next run ended with ${second.exitCode}: ${second.log.slice(-1500)}`);
  }
  wrong.push(...(await (played.judge ?? judge)(bench, first)));
  if (!(struck() > 0)) wrong.push('the fault did not strike');
  wrong.push(...world.cloudflare.ledger.bugs.map((bug) => `the simulated API has a bug: ${String(bug)}`));
  return { played, seen, wrong };
}

async function collect({ world }: Bench, file: string): Promise<Played> {
  const { exitCode, stderr, stdout } = await world.collect(file);
  const { streams = {} } =
    stdout === '' ? {} : (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { streams?: Record<string, { dead: number; duplicate: number }> });
  const sum = (of: 'dead' | 'duplicate'): number => Object.values(streams).reduce((total, outcomes) => total + outcomes[of], 0);
  return { exitCode, log: stderr, dead: sum('dead'), duplicate: sum('duplicate'), gaps: (await readGaps(world)).length };
}

async function judge({ world }: Bench): Promise<readonly string[]> {
  const deviations = await world.compare({ lost: await readGaps(world) });
  return isDeepStrictEqual(deviations, ALL_STORED) ? [] : [`not what the ledger holds: ${JSON.stringify(deviations)}`];
}
