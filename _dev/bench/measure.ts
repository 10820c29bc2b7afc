import { setTimeout } from 'node:timers/promises';
import type { WireEvent } from './draw-events.ts';
import { type Meter, type PipelineClock, toBulks } from './meter.ts';

/** One that takes part: a pipeline, or the bulk without one. */
export interface Contestant {
  readonly label: string;
  /** Name of the stored pipeline, or `_none`. */
  readonly pipeline: string;
}

/** What is measured. */
export interface Match {
  readonly contestants: readonly Contestant[];
  readonly events: readonly WireEvent[];
  readonly rounds: number;
  /** Events of each contestant before the first round. */
  readonly warmup: number;
}

/** Microseconds per event by contestant, one number for each round. */
export type Rounds = ReadonlyMap<Contestant, readonly number[]>;

const BULK = 500;
/** A node reads its CPU time at most once a second. */
const CPU_REFRESH_MS = 1050;

/** Ingest clocks of one match. */
export interface Clocks {
  readonly rounds: Rounds;
  /** What each pipeline of the node has counted in these rounds. */
  readonly spent: Readonly<Record<string, PipelineClock>>;
}

/**
 * The ingest clock. Contestants take turns bulk by bulk and in another order each time, so that what else the machine does meets all alike. Events are
 * dropped behind their pipeline, so that nothing is indexed meanwhile.
 * @throws Error where Elasticsearch refuses an event
 */
export async function measureClock(meter: Meter, match: Match): Promise<Clocks> {
  const contestants = match.contestants.filter(({ pipeline }) => pipeline !== '_none');
  const bulks = toBulks(match.events, BULK);
  const runRound = async (turn: number): Promise<readonly number[]> => {
    const before = await meter.readClocks();
    for (const [at, lines] of bulks.entries()) {
      for (const index of contestants.keys()) {
        await meter.bulk(lines, (contestants[(index + at + turn) % contestants.length] as Contestant).pipeline, { drop: true });
      }
    }
    const spent = subtract(await meter.readClocks(), before);
    return contestants.map(({ pipeline }) => ((spent[pipeline]?.millis ?? 0) * 1000) / match.events.length);
  };
  for (let warm = 0; warm < match.warmup; warm += match.events.length) await runRound(warm);
  const start = await meter.readClocks();
  const rounds = await toRounds(contestants, match.rounds, runRound);
  return { rounds, spent: subtract(await meter.readClocks(), start) };
}

/**
 * CPU time of the node's process while events are indexed. Contestants take turns with all events at a stretch, in another order each time.
 * @throws Error where Elasticsearch refuses an event
 */
export async function measureCpu(meter: Meter, { contestants, events, rounds, warmup }: Match): Promise<Rounds> {
  const bulks = toBulks(events, BULK);
  const index = async ({ pipeline }: Contestant): Promise<void> => {
    for (const lines of bulks) await meter.bulk(lines, pipeline, { drop: false });
  };
  const readCpu = async (): Promise<number> => {
    await setTimeout(CPU_REFRESH_MS);
    return meter.readCpu();
  };
  for (let warm = 0; warm < warmup / 4; warm += events.length) for (const contestant of contestants) await index(contestant);
  return toRounds(contestants, rounds, async (turn) => {
    await meter.clearIndex();
    const costs = contestants.map(() => 0);
    let last = await readCpu();
    for (const step of contestants.keys()) {
      const place = (step + turn) % contestants.length;
      await index(contestants[place] as Contestant);
      const now = await readCpu();
      costs[place] = ((now - last) * 1000) / events.length;
      last = now;
    }
    return costs;
  });
}

async function toRounds(contestants: readonly Contestant[], rounds: number, run: (turn: number) => Promise<readonly number[]>): Promise<Rounds> {
  const costs = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) for (const [place, cost] of (await run(round)).entries()) costs[place]?.push(cost);
  return new Map(contestants.map((contestant, place) => [contestant, costs[place] ?? []]));
}

type PipelineClocks = Readonly<Record<string, PipelineClock>>;

function subtract(after: PipelineClocks, before: PipelineClocks): PipelineClocks {
  return Object.fromEntries(Object.entries(after).map(([name, clock]) => [name, subtractClock(clock, before[name])]));
}

function subtractClock(after: PipelineClock, before: PipelineClock | undefined): PipelineClock {
  const processors = after.processors.map(({ name, count, millis }, index) => {
    const was = before?.processors[index];
    return { name, count: count - (was?.count ?? 0), millis: millis - (was?.millis ?? 0) };
  });
  return { count: after.count - (before?.count ?? 0), millis: after.millis - (before?.millis ?? 0), processors };
}
