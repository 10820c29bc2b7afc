import { join } from 'node:path';
import { type Budget, createBudget } from '../cloudflare/budget.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming } from '../cloudflare/timing.ts';
import type { StateStore } from '../collect/checkpoint.ts';
import { openFileStore } from '../collect/file-store.ts';
import type { CollectPorts, Report } from '../collect/partition-run.ts';
import type { FindExisting, Partition } from '../collect/ports.ts';
import { openBulkWriter } from '../elasticsearch/bulk-writer.ts';
import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { readClusterId } from '../elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import { openDeadLetters } from '../elasticsearch/dead-letters.ts';
import { createFindExisting } from '../elasticsearch/existing-ids.ts';
import { findInFailureStore } from '../elasticsearch/find-in-failure-store.ts';
import { createWriteGap } from '../elasticsearch/gap-writer.ts';
import { createReadGeneration } from '../elasticsearch/generation.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import { checkInstalled } from '../package/check-installed.ts';
import type { CloudflareCredential, Settings } from '../settings/settings.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createEncodeOf } from './create-encode-of.ts';
import { createRead } from './create-read.ts';
import type { Opened } from './open-settings.ts';
import { toTargets } from './targets.ts';

/** Both sides opened and checked, as the functions that collecting takes. */
export interface Collector extends Sides {
  readonly ports: CollectPorts;
  /** Checkpoints of live collection, or of backfills. */
  readonly store: StateStore;
  close(): Promise<void>;
}

/** Both sides, without any state. */
export interface Sides extends Pick<CollectPorts, 'read' | 'openWriter' | 'readGeneration' | 'findExisting'> {
  readonly client: Elasticsearch;
  readonly dataStreamOf: (partition: Partition) => string;
  /** Which of these ids the failure store of the partition's data stream holds. */
  readonly findKept: FindExisting;
}

interface SidesOptions {
  /** How long refusals of Elasticsearch without any progress are borne. */
  readonly giveUpAfterMs: number;
  /** `backfill`: takes of the rate budgets what live collection leaves. @default live */
  readonly priority?: 'live' | 'backfill';
}

interface CollectorOptions extends SidesOptions {
  readonly report: Report;
  /** Folder below `state.path` for checkpoints that are kept apart from those of live collection, which another process may hold. */
  readonly apart?: string;
}

/**
 * Opens both sides and the state. Nothing is written before Elasticsearch answers and the templates are found to be ours.
 * @throws ElasticsearchError, NotInstalledError, StateError, SettingsError when nothing could start
 */
export async function openCollector(opened: Opened, context: CommandContext, options: CollectorOptions): Promise<Collector> {
  const closing = new Closing();
  const opening = { opened, context, options, closing };
  return closing.orClose(async () => {
    const { client, clusterId } = await openTarget(opening);
    const store = await openStore(opening, clusterId);
    const sides = await openBoth(opening, client);
    return { ...sides, store, ports: toPorts(opening, { sides, store }), close: () => closing.close() };
  });
}

/**
 * Opens both sides for a command that needs no state.
 * @throws ElasticsearchError, NotInstalledError, SettingsError when nothing could start
 */
export async function openSides(opened: Opened, context: CommandContext, options: SidesOptions): Promise<Sides & Pick<Collector, 'close'>> {
  const closing = new Closing();
  const opening = { opened, context, options, closing };
  return closing.orClose(async () => ({ ...(await openBoth(opening, (await openTarget(opening)).client)), close: () => closing.close() }));
}

interface Opening<Options = SidesOptions> {
  readonly opened: Opened;
  readonly context: CommandContext;
  readonly options: Options;
  readonly closing: Closing;
}

async function openTarget({ opened, closing }: Opening): Promise<{ readonly client: Elasticsearch; readonly clusterId: string }> {
  const { definition, settings, userAgent } = opened;
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, { package: definition, pipeline: settings.elasticsearch.pipeline, targets: toTargets(opened) });
  return { client, clusterId };
}

async function openStore({ opened, context, options, closing }: Opening<CollectorOptions>, clusterId: string): Promise<StateStore> {
  const owner = { pid: context.pid, isRunning: context.isRunning };
  return closing.later(await openFileStore({ folder: join(opened.settings.state.path, options.apart ?? ''), clusterId, owner }));
}

async function openBoth({ opened, context, options, closing }: Opening, client: Elasticsearch): Promise<Sides> {
  const { definition, settings } = opened;
  const deadLetters = closing.later(openDeadLetters(toDeadLettersPath(settings), { now: () => new Date() }));
  const clouds = await openClouds({ opened, context, options, closing });
  const dataStreamOf = (partition: Partition): string => toDataStreamName(definition.name, partition);
  const openWriter = openBulkWriter({
    client,
    dataStreamOf,
    encodeOf: createEncodeOf(opened),
    pipeline: settings.elasticsearch.pipeline,
    deadLetters,
    clock: systemClock,
    giveUpAfterMs: options.giveUpAfterMs,
  });
  return {
    client,
    dataStreamOf,
    read: createRead(opened, clouds),
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
  return {
    ...sides,
    writeGap: createWriteGap(sides.openWriter, { now: () => new Date(), version: opened.definition.version, signal: context.signal }),
    store,
    now: Date.now,
    random: Math.random,
    sleep: systemTiming.sleep,
    report: options.report,
  };
}

/** Where the dead letters of these settings are kept. */
export function toDeadLettersPath({ state }: Settings): string {
  return join(state.path, 'dead-letters.ndjson');
}

/** One API client for each connection; connections with the same credential share its rate budget. */
async function openClouds({ opened, context, options, closing }: Opening): Promise<ReadonlyMap<string, Cloudflare>> {
  const { definition, settings } = opened;
  const { priority = 'live' } = options;
  const budgets = new Map<string, Budget>();
  const clouds = new Map<string, Cloudflare>();
  for (const connection of settings.connections) {
    const key = toBudgetKey(connection.credential);
    const budget = budgets.get(key) ?? createBudget(systemTiming);
    budgets.set(key, budget);
    const shared = { version: definition.version, env: context.env, budget, priority };
    clouds.set(connection.name, closing.later(await openCloudflare(connection, shared)));
  }
  return clouds;
}

function toBudgetKey(credential: CloudflareCredential): string {
  return credential.kind === 'token' ? `token ${credential.token}` : `user ${credential.email}`;
}
