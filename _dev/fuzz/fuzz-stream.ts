import type { StreamDefinition } from '../../src/definition/definition.ts';
import type { Envelope, Runner } from '../../src/pipeline/local/compile-runner.ts';
import { differencesOf } from '../../test/pipeline/differences.ts';
import type { ServerRunner } from '../../test/pipeline/server-runner.ts';
import { shrink } from './shrink.ts';

/** The two backends of one stream. */
export interface Backends {
  /** The stream as declared; says where the backends may differ. */
  readonly stream: StreamDefinition;
  readonly server: ServerRunner;
  readonly edge: Runner;
}

/** An event that the two backends make different documents of. */
export interface FuzzCase {
  /** Name of the data stream. */
  readonly stream: string;
  /** The event, as small as it could be made. */
  readonly event: Envelope;
  /** Where the documents differ. */
  readonly differences: readonly string[];
}

/** What came of fuzzing one stream. */
export interface FuzzResult {
  readonly events: number;
  /** Of these, documents that both backends marked as failed. */
  readonly failed: number;
  /** Events that a rule left out. */
  readonly dropped: number;
  /** Events whose documents differ. */
  readonly different: number;
  /** The first few of them, made small. */
  readonly cases: readonly FuzzCase[];
}

const BATCH = 500;
const MAX_CASES = 3;
const NOW = new Date('2001-02-03T04:05:06.789Z');

/** Where each event's two documents differ; an empty list where they agree. */
export async function compareBackends({ stream, server, edge }: Backends, envelopes: readonly Envelope[]): Promise<readonly (readonly string[])[]> {
  const stored = await server.run(envelopes);
  return envelopes.map((envelope, index) => differencesOf(stream, stored[index], edge(envelope, NOW), NOW));
}

/** Runs `count` events through both backends; failing ones are made small. */
export async function fuzzStream(backends: Backends, events: Iterator<Envelope>, count: number): Promise<FuzzResult> {
  const cases: FuzzCase[] = [];
  let failed = 0;
  let dropped = 0;
  let different = 0;
  for (let done = 0; done < count; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => events.next().value as Envelope);
    const results = batch.map((envelope) => backends.edge(envelope, NOW));
    failed += results.filter(({ document }) => 'error' in document).length;
    dropped += results.filter((result) => result.dropped !== undefined).length;
    const differences = await compareBackends(backends, batch);
    const failing = batch.filter((_, index) => (differences[index]?.length ?? 0) > 0);
    different += failing.length;
    for (const envelope of failing.slice(0, MAX_CASES - cases.length)) cases.push(await toCase(backends, envelope));
  }
  return { events: count, failed, dropped, different, cases };
}

async function toCase(backends: Backends, envelope: Envelope): Promise<FuzzCase> {
  const small = await shrink(envelope, async (envelopes) => (await compareBackends(backends, envelopes.map(withScope))).map(({ length }) => length > 0));
  const [differences = []] = await compareBackends(backends, [small]);
  if (differences.length > 0) return { stream: backends.stream.name, event: small, differences };
  const [original = []] = await compareBackends(backends, [envelope]);
  return { stream: backends.stream.name, event: envelope, differences: original };
}

/** Events of one id overwrite each other in the index and then have to go one by one; another account or zone gives another id. */
function withScope(envelope: Envelope, index: number): Envelope {
  const { _conf: conf } = envelope;
  if (typeof conf !== 'object' || conf === null) return envelope;
  const scope = `shrink-${index}`;
  return { ...envelope, _conf: { ...conf, account_id: scope, zone_id: scope, user_id: scope, '': scope } };
}
