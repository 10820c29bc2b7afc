import type { PackageDefinition } from '../../src/definition/definition.ts';
import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import type { BenchOptions } from './command-line.ts';
import { drawEvents, type WireEvent } from './draw-events.ts';
import { type Contestant, measureClock, measureCpu } from './measure.ts';
import { type Meter, openMeter } from './meter.ts';
import { readEvents } from './read-events.ts';
import { PipelineFault, type PipelineSet, readPipelines } from './read-pipelines.ts';
import { renderProcessors, renderReport } from './render-report.ts';
import { summarise } from './summarise.ts';

/** What a bench works with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly definition: PackageDefinition;
  /** Takes the result. */
  readonly print: (line: string) => void;
  /** Takes progress. */
  readonly log: (line: string) => void;
}

/** So many events are looked at beforehand. */
const SAMPLE = 100;
const YARDSTICK = {
  processors: [
    { rename: { field: 'message', target_field: 'event.original' } },
    { json: { field: 'event.original', target_field: 'json' } },
    { remove: { field: 'json' } },
  ],
};

/**
 * Measures the pipelines of all folders, those of the same events together, and prints the result.
 * @throws PipelineFault where folders or events cannot be used
 */
export async function benchPipelines(engine: EngineAddress, { options, definition, print, log }: Bench): Promise<void> {
  const name = `bench-pipeline-${process.pid}`;
  const sets = await Promise.all(options.folders.map((folder, index) => readPipelines(folder, `${name}-${index}`)));
  const groups = groupByEvents(sets, options);
  const meter = openMeter(engine, name);
  const results: unknown[] = [];
  try {
    await meter.putPipeline(`${name}-yardstick`, JSON.stringify(YARDSTICK));
    for (const { pipelines } of sets) for (const [pipeline, body] of pipelines) await meter.putPipeline(pipeline, body);
    for (const [what, members] of groups) {
      const events = await findEvents(what, { options, definition });
      log(`${what}: ${members.length} pipelines, ${options.rounds} rounds of ${events.length} events`);
      await warnOfFailing(meter, { members, events, log });
      results.push(...(await benchGroup(meter, { what, members, events, yardstick: `${name}-yardstick`, options, print })));
    }
  } finally {
    await meter.close();
  }
  if (options.json) print(JSON.stringify(results));
}

/** A pipeline that gives up early is cheap; its numbers mean nothing. */
async function warnOfFailing(
  meter: Meter,
  { members, events, log }: { readonly members: readonly PipelineSet[]; readonly events: readonly WireEvent[]; readonly log: Bench['log'] },
): Promise<void> {
  const sample = events.slice(0, SAMPLE);
  for (const { label, entry } of members) {
    const failing = await meter.countFailing(sample, entry);
    if (failing > 0) log(`warning: ${label} fails for ${failing} of the first ${sample.length} events`);
  }
}

interface Group extends Pick<Bench, 'options' | 'print'> {
  readonly what: string;
  readonly members: readonly PipelineSet[];
  readonly events: readonly WireEvent[];
  /** Name of its pipeline. */
  readonly yardstick: string;
}

async function benchGroup(meter: Meter, { what, members, events, yardstick: unit, options, print }: Group): Promise<readonly unknown[]> {
  const yardstick: Contestant = { label: 'yardstick', pipeline: unit };
  const none: Contestant = { label: 'no pipeline', pipeline: '_none' };
  const contestants = [...members.map(({ label, entry }) => ({ label, pipeline: entry })), yardstick, none];
  await meter.clearIndex();
  const clock = await measureClock(meter, { contestants, events, rounds: options.rounds, warmup: options.warmup });
  const cpu = options.cpu ? await measureCpu(meter, { contestants, events, rounds: options.rounds, warmup: options.warmup }) : undefined;
  const summaries = summarise({ clock: clock.rounds, cpu }, { yardstick, none });
  if (options.json) return summaries.map((summary) => ({ events: what, ...summary }));
  print(`\nEvents: ${what}\n${renderReport(summaries)}`);
  if (!options.processors) return [];
  for (const { label, pipelines } of members) {
    for (const pipeline of pipelines.keys()) {
      const spent = clock.spent[pipeline];
      if (spent !== undefined && spent.count > 0) print(`\n${renderProcessors(pipelines.size > 1 ? `${label} ${pipeline}` : label, spent)}`);
    }
  }
  return [];
}

async function findEvents(what: string, { options, definition }: Pick<Bench, 'options' | 'definition'>): Promise<readonly WireEvent[]> {
  const stream = definition.streams.find(({ name, sources }) => name === what && sources.length > 0);
  if (stream !== undefined) return drawEvents(stream, options.count);
  const events = await readEvents(what, JSON.parse(options.conf) as Record<string, unknown>);
  return Array.from({ length: options.count }, (_, index) => events[index % events.length] as WireEvent);
}

/** The pipelines that take the same events, by what names these. */
function groupByEvents(sets: readonly PipelineSet[], { events }: BenchOptions): ReadonlyMap<string, readonly PipelineSet[]> {
  const groups = new Map<string, PipelineSet[]>();
  for (const set of sets) {
    const what = events ?? set.stream;
    if (what === undefined) throw new PipelineFault(`${set.label} lies in no data_stream/NAME: name its events (--events WHAT)`);
    groups.set(what, [...(groups.get(what) ?? []), set]);
  }
  return groups;
}
