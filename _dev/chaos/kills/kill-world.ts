import { isDeepStrictEqual } from 'node:util';
import { type Deviations, NO_DEVIATIONS } from '../../../test/e2e/compare-with-ledger.ts';
import type { StoredDocument } from '../../../test/e2e/read-stored.ts';
import type { Dice } from '../../cloudflare/random.ts';
import { type ChaosWorld, openChaosWorld, STREAMS, type Stream } from '../chaos-world.ts';
import type { Stage } from '../open-stage.ts';
import { type End, live } from './live.ts';
import { drawMoment } from './moment.ts';

/** How many kills are still to be done, over all worlds. */
export interface Purse {
  left: number;
}

interface WorldTask {
  readonly stage: Stage;
  readonly number: number;
  readonly seed: number;
  readonly dice: Dice;
  readonly purse: Purse;
}

type Death = Extract<End, { kind: 'killed' }>;

/** What came of a world. */
export interface WorldResult {
  readonly number: number;
  readonly deaths: readonly Death[];
  readonly rollovers: number;
  readonly documents: number;
  readonly violations: readonly string[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Larger than the records of one bulk request. */
const HEAVY = { events: 24, bytes: 450_000 };

/** Kills one collector after another until all is collected or no kill is left, then collects the rest and compares. */
export async function killWorld(task: WorldTask): Promise<WorldResult> {
  const world = await openWorld(task);
  const deaths: Death[] = [];
  const violations: string[] = [];
  let rollovers = 0;
  try {
    for (let alive = true; alive; ) {
      const end = await liveOnce(task, world);
      violations.push(...end.faults);
      if (end.kind === 'killed') deaths.push(end);
      else violations.push(...checkDone(end));
      alive = end.kind === 'killed' && task.purse.left > 0;
      if (end.kind === 'killed') rollovers += await rollOver(world, task.dice);
    }
    violations.push(...(await finish(task, world)));
    const { documents, found } = await compareWorld(task, world);
    violations.push(...found);
    return { number: task.number, deaths, rollovers, documents, violations: violations.map((text) => `world ${task.number} of seed ${task.seed}: ${text}`) };
  } finally {
    await world.close();
  }
}

function openWorld({ dice, number, seed, stage }: WorldTask): Promise<ChaosWorld> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = { audit: now - 12 * HOUR, logpull: now - 70 * MINUTE };
  const heavy = number % 3 === 1 ? Array.from({ length: HEAVY.events }, (_, index) => drawHeavy(from.audit + 6 * HOUR, index)) : [];
  // Where one partition rests, another sends: a world with few of them dies at other moments than one with many.
  const many = number % 2 === 0;
  const accounts = (many ? [0, 1] : [0]).map((index) => ({ auditEventsPerHour: 24, eventsFrom: from.audit, ...(index === 0 && { extraEvents: heavy }) }));
  const zones = (many ? [0, 1, 2] : [0]).map(() => ({ linesPerHour: 300 + dice.below(200), linesFrom: from.logpull }));
  const cloudflare = { seed: seed * 1000 + number, accounts, zones };
  return openChaosWorld({ scene: stage.scene, namespace: `kill${number}`, cloudflare, from, initial: { audit: '13h', logpull: '80m' } });
}

/** Several bulk requests for one window. */
function drawHeavy(fromMs: number, index: number): { readonly id: string; readonly when: string } {
  return { id: `heavy-${index}`, when: new Date(fromMs + index * 1000).toISOString().replace('.000', ''), ...{ padding: 'x'.repeat(HEAVY.bytes) } };
}

/** Two of three lives are a single round, the others go on for ever. */
async function liveOnce({ dice, purse, stage }: WorldTask, world: ChaosWorld): Promise<End> {
  const moment = drawMoment(dice);
  const argv = ['collect', ...(dice.below(3) < 2 ? ['--once'] : []), '--config', world.file];
  purse.left -= 1;
  const end = await live({ world, program: stage.program, argv, cwd: stage.scene.folder }, moment);
  if (end.kind === 'done') purse.left += 1;
  return end;
}

function checkDone({ code, stderr }: Extract<End, { kind: 'done' }>): readonly string[] {
  return code === 0 ? [] : [`a collector ended with ${code}: ${stderr.slice(-2000)}`];
}

async function rollOver(world: ChaosWorld, dice: Dice): Promise<number> {
  let count = 0;
  for (const stream of STREAMS) {
    if (!dice.chance(0.6)) continue;
    await world.rollOver(stream);
    count += 1;
  }
  return count;
}

async function finish({ stage }: WorldTask, world: ChaosWorld): Promise<readonly string[]> {
  const child = stage.program.start(['collect', '--once', '--config', world.file], stage.scene.folder);
  const code = await child.ended;
  const bugs = world.cloudflare.ledger.bugs.map((bug) => `the simulated API has a bug: ${String(bug)}`);
  return [...checkDone({ kind: 'done', code, stderr: child.stderr(), faults: [] }), ...bugs];
}

interface Compared {
  readonly documents: number;
  readonly found: readonly string[];
}

async function compareWorld(task: WorldTask, world: ChaosWorld): Promise<Compared> {
  let documents = 0;
  const found: string[] = [];
  for (const stream of STREAMS) {
    const stored = await world.read(stream);
    documents += stored.length;
    found.push(...toViolations(stream, world.compare(stream, stored)), ...(task.number === 1 ? proveSharp(world, stream, stored) : []));
  }
  return { documents, found };
}

function toViolations(stream: Stream, deviations: Deviations): readonly string[] {
  return isDeepStrictEqual(deviations, NO_DEVIATIONS) ? [] : [`${stream} is not what the ledger holds: ${JSON.stringify(deviations)}`];
}

/** A comparison that misses a lost or a doubled document proves nothing. */
function proveSharp(world: ChaosWorld, stream: Stream, stored: readonly StoredDocument[]): readonly string[] {
  const [first, ...others] = stored;
  if (first === undefined) return [`${stream}: nothing is stored`];
  const lost = world.compare(stream, others).missing.length;
  const doubled = world.compare(stream, [...stored, first]).doubled.length;
  return lost === 1 && doubled === 1 ? [] : [`${stream}: the comparison does not find a document that is missing or stored twice`];
}
