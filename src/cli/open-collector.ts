import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Budget } from '../cloudflare/budget.ts';
import { toBudgetKey } from '../cloudflare/budget-key.ts';
import type { Priority } from '../cloudflare/budget-state.ts';
import { createMemoryStore } from '../cloudflare/budget-store.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming, type Timing } from '../cloudflare/timing.ts';
import { checkNamespaces } from '../collect/check-namespaces.ts';
import type { StateStore } from '../collect/checkpoint.ts';
import type { CollectPorts } from '../collect/partition-run.ts';
import type { FindExisting, Partition } from '../collect/ports.ts';
import type { Report } from '../collect/report.ts';
import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { readClusterId } from '../elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import { createFindExisting } from '../elasticsearch/existing-ids.ts';
import { findInFailureStore } from '../elasticsearch/find-in-failure-store.ts';
import { createWriteGap } from '../elasticsearch/gap-writer.ts';
import { createReadGeneration } from '../elasticsearch/generation.ts';
import { openSharedBudget } from '../elasticsearch/shared-budget.ts';
import { openStateIndex } from '../elasticsearch/state-index.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import type { RequestCounts } from '../health/count-turns.ts';
import type { Pulse } from '../health/pulse.ts';
import { checkInstalled } from '../package/check-installed.ts';
import { toStateIndexName } from '../package/state-template.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createRead } from './create-read.ts';
import { LiveConnections } from './live-connections.ts';
import { createBudgets, type FollowOptions } from './open-budgets.ts';
import { openEdge } from './open-edge.ts';
import { createOpenWriterWith, openLetters } from './open-letters.ts';
import type { Opened } from './open-settings.ts';
import { openState, openStore } from './open-state.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { toInstalled } from './targets.ts';

/** Both sides, without any state. */
export interface Sides extends Pick<CollectPorts, 'read' | 'openWriter' | 'readGeneration' | 'findExisting'> {
  readonly client: Elasticsearch;
  readonly connections: LiveConnections;
  readonly dataStreamOf: (partition: Partition) => string;
  /** Which of these ids the failure store of the partition's data stream holds. */
  readonly findKept: FindExisting;
}

/** Both sides opened and checked, as the functions that collecting takes. */
export interface Collector extends Sides {
  readonly ports: CollectPorts;
  readonly store: StateStore;
  /**
   * From now on these are the connections; partitions follow with the next plan.
   * @throws SettingsError, NotInstalledError, ElasticsearchError, StateError where they cannot be: then nothing has changed
   */
  readonly follow: (connections: readonly ConnectionSettings[], options?: FollowOptions) => Promise<void>;
  close(): Promise<void>;
}

/** How the sides are opened. */
export interface SidesOptions {
  /**
   * Whether it polls every interval: the intervals have to fit the rate limits, collectors that share the state leave it its share, and refusals of
   * Elasticsearch are borne without end. @default false
   */
  readonly polling?: boolean;
  /** Whose turns its requests to Cloudflare take. @default live */
  readonly priority?: Priority;
  /** Told that something moves; @default nobody is told */
  readonly pulse?: Pulse;
  /** Counts what is sent to Cloudflare; @default nobody counts */
  readonly requests?: RequestCounts;
}

interface CollectorOptions extends SidesOptions {
  readonly report: Report;
  /** Keeps checkpoints apart from those of live collection, which may run at the same time. @default false */
  readonly apart?: boolean;
}

/**
 * Opens both sides and the state. Nothing is written before Elasticsearch answers and the templates are found to be ours.
 * @throws ElasticsearchError, NotInstalledError, StateError, SettingsError when nothing could start
 */
export async function openCollector(opened: Opened, context: CommandContext, options: CollectorOptions): Promise<Collector> {
  const closing = new Closing();
  const opening = { opened, context, options, closing };
  return closing.orClose(async () => {
    if (options.polling) refuseUnfit(opened, opened.settings.connections.map(toBudgetKey));
    const lookUps = await openEdge(opened);
    const { client, clusterId } = await openTarget(opening);
    const open = { opened, context, client, clusterId };
    const { store, writing } = options.apart ? await openApart(open, closing) : closing.later(await openState({ ...open, shares: options.polling === true }));
    const sides = await openBoth(opening, { client, writing, lookUps });
    return { ...sides, store, ports: toPorts(opening, { sides, store }), follow: createFollow(opened, { sides, store }), close: () => closing.close() };
  });
}

/**
 * Opens both sides for a command that needs no state.
 * @throws ElasticsearchError, NotInstalledError, SettingsError when nothing could start
 */
export async function openSides(opened: Opened, context: CommandContext, options: SidesOptions): Promise<Sides & Pick<Collector, 'close'>> {
  const closing = new Closing();
  const opening = { opened, context, options, closing };
  return closing.orClose(async () => {
    const lookUps = await openEdge(opened);
    const { client } = await openTarget(opening);
    return { ...(await openBoth(opening, { client, writing: client, lookUps })), close: () => closing.close() };
  });
}

interface Opening<Options = SidesOptions> {
  readonly opened: Opened;
  readonly context: CommandContext;
  readonly options: Options;
  readonly closing: Closing;
}

async function openTarget({ opened, closing }: Opening): Promise<{ readonly client: Elasticsearch; readonly clusterId: string }> {
  const { settings, userAgent } = opened;
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, toInstalled(opened));
  return { client, clusterId };
}

/** A folder of its own, with its own lock; in Elasticsearch the keys are others, and nobody else takes them. */
async function openApart(options: Parameters<typeof openStore>[0], closing: Closing): Promise<{ readonly store: StateStore; readonly writing: Elasticsearch }> {
  const { settings } = options.opened;
  const state = { ...settings.state, path: join(settings.state.path, 'backfill') };
  const store = closing.later(await openStore({ ...options, opened: { ...options.opened, settings: { ...settings, state } } }));
  return { store, writing: options.client };
}

/** What writing needs, opened. */
interface Targets {
  readonly client: Elasticsearch;
  /** Writes events; sends nothing while this collector may not. */
  readonly writing: Elasticsearch;
  readonly lookUps: LookUps;
}

async function openBoth({ opened, context, options, closing }: Opening, { client, writing, lookUps }: Targets): Promise<Sides> {
  const { definition } = opened;
  const timing = options.pulse?.watch(systemTiming) ?? systemTiming;
  const connections = await openConnections({ opened, context, options, closing }, { client, timing });
  const findConnection = (name: string) => connections.find(name);
  const dataStreamOf = (partition: Partition): string => toDataStreamName(definition.name, partition);
  const clock = options.pulse?.watch(systemClock) ?? systemClock;
  const openWriterWith = createOpenWriterWith(opened, {
    client: writing,
    lookUps,
    findConnection,
    clock,
    ...(options.polling ? { giveUpAfterMs: Number.POSITIVE_INFINITY } : {}),
  });
  const openWriter = openWriterWith(closing.later(openLetters(opened, { openWriterWith, signal: context.signal })));
  return {
    client,
    connections,
    dataStreamOf,
    read: createRead(opened, connections),
    openWriter,
    readGeneration: createReadGeneration(client, dataStreamOf),
    findExisting: createFindExisting(client, dataStreamOf),
    findKept: (partition, ids) => findInFailureStore({ client, dataStream: dataStreamOf(partition) }, ids, context.signal),
  };
}

function toPorts(
  { opened, context, options }: Opening<CollectorOptions>,
  { sides, store }: { readonly sides: Sides; readonly store: StateStore },
): CollectPorts {
  const { read, openWriter, readGeneration, findExisting } = sides;
  const timing = options.pulse?.watch(systemTiming) ?? systemTiming;
  return {
    ...{ read, openWriter, readGeneration, findExisting, store },
    writeGap: createWriteGap(openWriter, { now: () => new Date(), version: opened.definition.version, signal: context.signal }),
    now: Date.now,
    random: Math.random,
    sleep: timing.sleep,
    report: options.report,
  };
}

interface CloudsOptions {
  readonly client: Elasticsearch;
  readonly timing: Timing;
}

/** One API client for each connection; those of the same Cloudflare user share its rate budget. */
async function openConnections({ opened, context, options, closing }: Opening, { client, timing }: CloudsOptions): Promise<LiveConnections> {
  const { definition, settings } = opened;
  const shared = settings.state.store === 'elasticsearch';
  const store = shared ? openSharedBudget(openStateIndex(client, toStateIndexName(definition.name)), timing) : createMemoryStore();
  const { priority = 'live', polling = false, requests } = options;
  const openCloud = (connection: ConnectionSettings, budget: Budget): Promise<Cloudflare> => {
    const counted = requests?.count(connection.name, budget) ?? budget;
    return openCloudflare(connection, { version: definition.version, env: context.env, timing, budget: counted, priority });
  };
  const connections = new LiveConnections({ budgetsOf: createBudgets(opened, context, { store, closing, polling }), openCloud });
  await connections.follow(settings.connections);
  return closing.later(connections);
}

/** Nothing is written for connections that may not be written for. */
function createFollow({ definition, settings }: Opened, { sides, store }: { readonly sides: Sides; readonly store: StateStore }): Collector['follow'] {
  const toTarget = ({ namespace, streams }: ConnectionSettings) => [namespace, ...streams.map(({ stream }) => stream)];
  return async (connections, options) => {
    const isKnown = (connection: ConnectionSettings): boolean => {
      const before = sides.connections.list().find(({ name }) => name === connection.name);
      return before !== undefined && isDeepStrictEqual(toTarget(before), toTarget(connection));
    };
    const changed = connections.filter((connection) => !isKnown(connection));
    if (changed.length > 0) {
      checkNamespaces(await store.list(), changed);
      await checkInstalled(sides.client, toInstalled({ definition, settings: { ...settings, connections: changed } }));
    }
    await sides.connections.follow(connections, options);
  };
}
