import { EventEmitter, once } from 'node:events';
import { PATHS } from '../../../test/e2e/cloudflare-faults.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { toAnswer } from '../elasticsearch-proxy.ts';
import { isEvents } from '../faults/elasticsearch-cases.ts';
import { finishWorld } from '../finish-world.ts';
import type { Stage } from '../open-stage.ts';
import type { Ground } from '../part.ts';
import { renderTable } from '../render-table.ts';
import { openLiveWorld, stopCleanly } from './live-world.ts';

/** What a collector is in the middle of when SIGTERM comes; `reached` is told when it is. */
interface Middle {
  readonly name: string;
  readonly arrange: (world: ChaosWorld, reached: () => void) => void;
}

const MIDDLES: readonly Middle[] = [
  {
    name: 'an answer of Cloudflare that drips',
    arrange: ({ cloudflare }, reached) => watchFault(cloudflare.faults.add({ match: { path: PATHS.logpull }, answer: { dripMs: 3_000 } }), reached),
  },
  {
    name: 'an answer of Cloudflare that does not come',
    arrange: ({ cloudflare }, reached) => watchFault(cloudflare.faults.add({ match: { path: PATHS.audit }, answer: { stall: 'before' } }), reached),
  },
  { name: 'a bulk request that Elasticsearch does not answer', arrange: ({ proxy }, reached) => holdBulks(proxy, reached) },
  { name: 'bulk requests that Elasticsearch refuses', arrange: ({ proxy }, reached) => refuseBulks(proxy, reached) },
];

/** SIGTERM in the middle of slow windows: each collector ends within ten seconds, and the next one stores what is missing. */
export async function stopInTheMiddle({ print, seed }: Ground, stage: Stage): Promise<readonly string[]> {
  const rows: string[][] = [];
  const violations: string[] = [];
  for (const [index, middle] of MIDDLES.entries()) {
    const world = await openLiveWorld(stage, `stop${index}`, seed);
    try {
      const { ms, wrong } = await stop(stage, world, middle);
      rows.push([middle.name, `${(ms / 1000).toFixed(1)} s`, wrong.length === 0 ? 'equal' : 'WRONG']);
      violations.push(...wrong.map((text) => `SIGTERM during ${middle.name}: ${text}`));
    } finally {
      await world.close();
    }
  }
  print(renderTable(['SIGTERM during', 'ended after', 'ledger'], rows));
  return violations;
}

async function stop({ program, scene }: Stage, world: ChaosWorld, middle: Middle): Promise<{ readonly ms: number; readonly wrong: readonly string[] }> {
  const middles = new EventEmitter();
  const reached = once(middles, 'reached');
  middle.arrange(world, () => middles.emit('reached'));
  const child = program.start(['collect', '--config', world.file], scene.folder);
  const early = child.ended.then((code) => {
    throw new Error(`the collector ended with ${code}: ${child.stderr().slice(-1500)}`);
  });
  await Promise.race([reached, early]);
  early.catch(() => undefined);
  const { ms, wrong } = await stopCleanly(child);
  world.cloudflare.faults.clear();
  world.proxy.intervene();
  const finished = await finishWorld({ world, program, cwd: scene.folder, content: true });
  return { ms, wrong: [...wrong, ...finished.wrong] };
}

function watchFault({ struck }: { readonly struck: () => number }, reached: () => void): void {
  const timer = setInterval(() => {
    if (struck() === 0) return;
    clearInterval(timer);
    reached();
  }, 20);
  timer.unref();
}

function holdBulks(proxy: ChaosWorld['proxy'], reached: () => void): void {
  proxy.intervene(async (request, forward) => {
    if (!isEvents(request)) return forward();
    reached();
    return 'silence';
  });
}

function refuseBulks(proxy: ChaosWorld['proxy'], reached: () => void): void {
  proxy.intervene(async (request, forward) => {
    if (!isEvents(request)) return forward();
    reached();
    return toAnswer(429, { error: { type: 'es_rejected_execution_exception', reason: 'rejected' }, status: 429 });
  });
}
