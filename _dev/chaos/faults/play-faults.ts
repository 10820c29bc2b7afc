import { createDice } from '../../cloudflare/random.ts';
import type { Ground, Part } from '../part.ts';
import { renderTable } from '../render-table.ts';
import { toCloudflareCases } from './cloudflare-cases.ts';
import { CONFLICT_CASES } from './conflict-cases.ts';
import { ELASTICSEARCH_CASES } from './elasticsearch-cases.ts';
import type { FaultCase } from './fault-case.ts';
import { playFault, type Verdict } from './play-fault.ts';

/** Most cases wait most of the time. */
const AT_ONCE = 6;
/** The test suite plays every one of Cloudflare's; a short run draws some. */
const SHORT_CLOUDFLARE = 10;

/** Plays every fault and prints what was seen; a short run plays all of Elasticsearch's and some of Cloudflare's. */
export const playFaults: Part = async (ground) => {
  const { scene } = await ground.openStage();
  const cases = [...ELASTICSEARCH_CASES, ...chooseCases(ground)];
  const verdicts: Verdict[] = [];
  const queue = [...cases];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) verdicts.push(await playFault(scene, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const conflict of CONFLICT_CASES) verdicts.push(await playFault(scene, conflict));
  const ordered = [...cases, ...CONFLICT_CASES].flatMap((played) => verdicts.find((verdict) => verdict.played === played) ?? []);
  ground.print(renderVerdicts(ordered));
  return ordered.flatMap(({ played, wrong }) => (wrong.length === 0 ? [] : [`${played.fault} (seed ${ground.seed}): ${wrong.join('; ')}`]));
};

function chooseCases({ seed, short }: Ground): readonly FaultCase[] {
  const cases = [...toCloudflareCases()];
  if (!short) return cases;
  const dice = createDice(seed);
  return Array.from({ length: SHORT_CLOUDFLARE }, () => cases.splice(dice.below(cases.length), 1)).flat();
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ played: { expected, fault, side }, seen, wrong }) => [side, fault, expected, seen, wrong.length === 0 ? 'equal' : 'WRONG']);
  return renderTable(['side', 'fault', 'expected', 'seen', 'ledger'], rows);
}
