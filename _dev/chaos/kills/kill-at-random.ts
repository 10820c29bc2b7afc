import { createDice, mix } from '../../cloudflare/random.ts';
import type { Stage } from '../open-stage.ts';
import type { Ground, Part } from '../part.ts';
import { renderTable } from '../render-table.ts';
import { killWorld, type WorldResult } from './kill-world.ts';
import { PHASES } from './live.ts';
import { EVENTS } from './moment.ts';

const LONG_KILLS = 1000;
const SHORT_KILLS = 24;
/** Of all kills, so many at least must hit a window whose first records are sent and whose checkpoint is not saved. */
const LEAST_INSIDE = 0.2;
/** Worlds at once: a machine of two cores is busy with them. */
const AT_ONCE = 4;

/** Kills collectors until as many are dead as the run asks for; every world is finished and compared. */
export const killAtRandom: Part = async (ground) => {
  const stage = await ground.openStage({ windows: { audit: '15m', logpull: '5m', user_audit: '1h', access: '1h' } });
  const wanted = ground.kills ?? (ground.short ? SHORT_KILLS : LONG_KILLS);
  const results: WorldResult[] = [];
  const purse = { left: wanted };
  let numbers = 0;
  const work = async (): Promise<void> => {
    while (purse.left > 0) {
      const number = ++numbers;
      const result = await killWorld({ stage, number, purse, dice: createDice(mix(ground.seed, number)), seed: ground.seed });
      results.push(result);
      ground.print(`  ${renderWorld(result)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return summarise(ground, stage, results);
};

function renderWorld({ deaths, documents, number, rollovers, violations }: WorldResult): string {
  return `world ${number}: ${deaths.length} kills, ${rollovers} rollovers, ${documents} documents, ${violations.length} violations`;
}

function summarise({ print }: Ground, { scene }: Stage, results: readonly WorldResult[]): readonly string[] {
  const deaths = results.flatMap((result) => result.deaths);
  print(
    renderTable(
      ['killed', 'times'],
      PHASES.map((phase) => [phase, String(deaths.filter((death) => death.phase === phase).length)]),
    ),
  );
  print(
    renderTable(
      ['aimed at', 'times'],
      EVENTS.map((event) => [event, String(deaths.filter(({ moment }) => moment.event === event).length)]),
    ),
  );
  const inside = deaths.filter(({ phase }) => phase.startsWith('between')).length;
  const sum = (of: (result: WorldResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  print(`  ${deaths.length} kills, ${inside} between a window's first bulk and its checkpoint, ${sum(({ rollovers }) => rollovers)} rollovers before restarts`);
  print(
    `  ${sum(({ documents }) => documents)} documents in ${results.length} worlds of Elasticsearch ${scene.engine.version}, equal to the ledger by id and content`,
  );
  const aim = inside < deaths.length * LEAST_INSIDE ? [`only ${inside} of ${deaths.length} kills hit between a window's first bulk and its checkpoint`] : [];
  return [...results.flatMap(({ violations }) => violations), ...aim];
}
