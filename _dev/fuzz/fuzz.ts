import type { PackageDefinition, StreamDefinition } from '../../src/definition/definition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { openServerRunner } from '../../test/pipeline/server-runner.ts';
import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import { readSeeds } from './base-records.ts';
import { type FuzzResult, fuzzStream } from './fuzz-stream.ts';
import { makeEvents } from './make-events.ts';
import { plantFault } from './plant-fault.ts';

/** What to fuzz. */
export interface FuzzRequest {
  /** The project's folder. */
  readonly project: string;
  readonly definition: PackageDefinition;
  /** Names of data streams; empty: all. */
  readonly streams: readonly string[];
  /** Events, spread evenly over the data streams. */
  readonly count: number;
  readonly seed: number;
  /** Plants a fault in one backend. */
  readonly plant: 'server' | 'edge' | undefined;
}

/**
 * Fuzzes one data stream after the other.
 * @throws Error for a data stream that is not declared, or has no fixture to make events from
 */
export async function* fuzz(engine: EngineAddress, request: FuzzRequest): AsyncGenerator<FuzzResult & { readonly stream: string }> {
  const streams = chooseStreams(request);
  for (const [index, stream] of streams.entries()) {
    const count = Math.floor((request.count * (index + 1)) / streams.length) - Math.floor((request.count * index) / streams.length);
    yield { stream: stream.name, ...(await fuzzOne(engine, { request, stream, count })) };
  }
}

async function fuzzOne(
  engine: EngineAddress,
  { request, stream, count }: { readonly request: FuzzRequest; readonly stream: StreamDefinition; readonly count: number },
): Promise<FuzzResult> {
  const events = makeEvents(await readSeeds(request.project, stream), request.seed);
  const faulty = request.plant === undefined ? stream : plantFault(stream);
  const server = await openServerRunner(engine, `fuzz-${stream.name}-${process.pid}`, request.plant === 'server' ? faulty : stream);
  try {
    return await fuzzStream({ stream, server, edge: compileRunner(request.plant === 'edge' ? faulty : stream) }, events, count);
  } finally {
    await server.close();
  }
}

function chooseStreams({ definition, streams }: FuzzRequest): readonly StreamDefinition[] {
  const unknown = streams.find((name) => !definition.streams.some((stream) => stream.name === name));
  if (unknown !== undefined) throw new RangeError(`${unknown} is no declared data stream`);
  return definition.streams.filter(({ name }) => streams.length === 0 || streams.includes(name));
}
