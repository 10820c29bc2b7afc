import { mkdir } from 'node:fs/promises';
import { type StateLock, takeStateLock } from '../collect/state-lock.ts';
import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import type { StoredDeadLetter } from '../elasticsearch/dead-letter-line.ts';
import { openDeadLetterStream } from '../elasticsearch/dead-letter-stream.ts';
import type { DeadLetters } from '../elasticsearch/dead-letters.ts';
import { createFindExisting } from '../elasticsearch/existing-ids.ts';
import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import { type LetterList, listDeadLetters } from '../elasticsearch/list-dead-letters.ts';
import type { FailureTarget } from '../elasticsearch/read-failure-store.ts';
import type { LetterSources } from '../elasticsearch/read-letters.ts';
import { type ReplayReport, replayDeadLetters } from '../elasticsearch/replay-dead-letters.ts';
import { StateError } from '../errors.ts';
import { checkInstalled } from '../package/check-installed.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createWants, type DlqOptions } from './dlq-options.ts';
import { openEdge } from './open-edge.ts';
import { createOpenWriterWith, toLettersPath } from './open-letters.ts';
import type { Opened } from './open-settings.ts';
import { toInstalled } from './targets.ts';

const GIVE_UP_MS = 60_000;

/** The dead letters of these settings. */
export interface Dlq {
  list(): Promise<LetterList>;
  /** @throws StateError while a collector uses the state folder */
  replay(): Promise<ReplayReport>;
  close(): Promise<void>;
}

/** Opens the dead letters that the command line asks for; nothing is read yet. */
export async function openDlq(opened: Opened, context: CommandContext, options: DlqOptions): Promise<Dlq> {
  const { definition, settings, userAgent } = opened;
  const closing = new Closing();
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const sources: LetterSources = { path: toLettersPath(opened), client, targets: toFailureTargets(opened, options), wants: createWants(options) };
  const findExisting = createFindExisting(client, (partition) => toDataStreamName(definition.name, partition));
  return {
    list: () => listDeadLetters(sources, findExisting),
    replay: async () => {
      await checkInstalled(client, toInstalled(opened));
      const lookUps = await openEdge(opened);
      await mkdir(settings.state.path, { recursive: true, mode: 0o700 });
      const lock = await takeLock(settings.state.path, context);
      closing.later({ close: () => lock.release() });
      return replayDeadLetters({ ...sources, findExisting, ...toReplayPorts(opened, { client, lookUps, signal: context.signal }) });
    },
    close: () => closing.close(),
  };
}

async function takeLock(folder: string, { pid, isRunning }: CommandContext): Promise<StateLock> {
  try {
    return await takeStateLock(folder, { pid, isRunning });
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw new StateError(error.message, { hint: 'Stop the collector, replay, and start it again. `dlq list` works meanwhile.', cause: error });
  }
}

interface ReplayOptions {
  readonly client: Elasticsearch;
  readonly lookUps: LookUps;
  readonly signal: AbortSignal;
}

function toReplayPorts(opened: Opened, { client, lookUps, signal }: ReplayOptions) {
  const { version } = opened.definition;
  const openWriterWith = createOpenWriterWith(opened, { client, lookUps, giveUpAfterMs: GIVE_UP_MS, looksForKept: false });
  return {
    openWriterWith,
    findObstacle: (letter: StoredDeadLetter) => findObstacle(opened, letter),
    keepAgain: openDeadLetterStream({ openWriterWith, fallback: nowhere, now: () => new Date(), version, signal }),
    signal,
  };
}

/** What the data stream does not take again, it has already. */
const nowhere: DeadLetters = { append: async () => {}, flush: async () => {}, close: async () => {} };

function findObstacle({ definition }: Opened, { stream, source }: StoredDeadLetter): string | undefined {
  const declared = definition.streams.find(({ name }) => name === stream);
  if (declared === undefined) return `no data stream ${stream} is declared`;
  const known = stream === COLLECTOR_STREAM || declared.sources.some(({ name }) => name === source);
  return known ? undefined : `${stream} declares no source ${source}`;
}

/** Failure stores that events of these settings may lie in; that of a namespace is looked at with the first connection that writes to it. */
function toFailureTargets({ definition, settings }: Opened, { stream, connection }: DlqOptions): readonly FailureTarget[] {
  const all = settings.connections
    .filter(({ name }) => connection === undefined || name === connection)
    .flatMap(({ name, namespace, streams }) =>
      [...streams.map((own) => own.stream), COLLECTOR_STREAM]
        // The collector stream holds the letters of every stream.
        .filter((own) => stream === undefined || own === stream || own === COLLECTOR_STREAM)
        .map((own) => ({ connection: name, namespace, stream: own, dataStream: toDataStreamName(definition.name, { stream: own, namespace }) })),
    );
  return [...new Map(all.toReversed().map((target) => [target.dataStream, target])).values()].toReversed();
}
