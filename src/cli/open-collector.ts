import { join } from 'node:path';
import type { Budget } from '../cloudflare/budget.ts';
import { toBudgetKey } from '../cloudflare/budget-key.ts';
import type { Priority } from '../cloudflare/budget-state.ts';
import { createMemoryStore } from '../cloudflare/budget-store.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming, type Timing } from '../cloudflare/timing.ts';
import type { StateStore } from '../collect/checkpoint.ts';
import type { CollectPorts, Report } from '../collect/partition-run.ts';
import type { Partition } from '../collect/ports.ts';
import { openBulkWriter } from '../elasticsearch/bulk-writer.ts';
import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { readClusterId } from '../elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import { openDeadLetters } from '../elasticsearch/dead-letters.ts';
import { createFindExisting } from '../elasticsearch/existing-ids.ts';
import { createWriteGap } from '../elasticsearch/gap-writer.ts';
import { createReadGeneration } from '../elasticsearch/generation.ts';
import { openSharedBudget } from '../elasticsearch/shared-budget.ts';
import { openStateIndex } from '../elasticsearch/state-index.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import type { RequestCounts } from '../health/count-turns.ts';
import type { Pulse } from '../health/pulse.ts';
import { checkInstalled } from '../package/check-installed.ts';
import { toStateIndexName } from '../package/state-template.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createEncodeOf } from './create-encode-of.ts';
import { createRead } from './create-read.ts';
import { openBudgets } from './open-budgets.ts';
import { openEdge } from './open-edge.ts';
import type { Opened } from './open-settings.ts';
import { openState } from './open-state.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { toInstalled } from './targets.ts';

/** Both sides opened and checked, as the functions that collecting takes. */
export interface Collector {
  readonly ports: CollectPorts;
  readonly store: StateStore;
  /** The API of each connection, by name. */
  readonly clouds: ReadonlyMap<string, Cloudflare>;
  close(): Promise<void>;
}

interface CollectorOptions {
  readonly report: Report;
  /** How long refusals of Elasticsearch without any progress are borne. */
  readonly giveUpAfterMs: number;
  /** Told that something moves; @default nobody is told */
  readonly pulse?: Pulse;
  /** Counts what is sent to Cloudflare; @default nobody counts */
  readonly requests?: RequestCounts;
  /** Whether it polls every interval: the intervals have to fit the rate limits, and collectors that share the state leave it its share. @default false */
  readonly polling?: boolean;
  /** Whose turns its requests to Cloudflare take. @default live */
  readonly priority?: Priority;
}

/**
 * Opens both sides and the state. Nothing is written before Elasticsearch answers and the templates are found to be ours.
 * @throws ElasticsearchError, NotInstalledError, StateError, SettingsError when nothing could start
 */
export async function openCollector(opened: Opened, context: CommandContext, options: CollectorOptions): Promise<Collector> {
  const closing = new Closing();
  try {
    return { ...(await openPorts({ opened, context, options, closing })), close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

interface Opening {
  readonly opened: Opened;
  readonly context: CommandContext;
  readonly options: CollectorOptions;
  readonly closing: Closing;
}

async function openPorts({ opened, context, options, closing }: Opening): Promise<Omit<Collector, 'close'>> {
  const { definition, settings, userAgent } = opened;
  const lookUps = await openEdge(opened);
  if (options.polling) refuseUnfit(opened, settings.connections.map(toBudgetKey));
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, toInstalled(opened));
  const { store, writing } = closing.later(await openState({ opened, context, client, clusterId, shares: options.polling === true }));
  const deadLetters = closing.later(openDeadLetters(join(settings.state.path, 'dead-letters.ndjson'), { now: () => new Date() }));
  const timing = options.pulse?.watch(systemTiming) ?? systemTiming;
  const clouds = await openClouds({ opened, context, options, closing }, client, timing);
  const dataStreamOf = (partition: Partition): string => toDataStreamName(definition.name, partition);
  const openWriter = openBulkWriter({
    client: writing,
    dataStreamOf,
    encodeOf: createEncodeOf({ ...opened, lookUps }),
    pipeline: settings.elasticsearch.pipeline,
    deadLetters,
    clock: options.pulse?.watch(systemClock) ?? systemClock,
    giveUpAfterMs: options.giveUpAfterMs,
  });
  const ports: CollectPorts = {
    read: createRead(opened, clouds),
    openWriter,
    readGeneration: createReadGeneration(client, dataStreamOf),
    findExisting: createFindExisting(client, dataStreamOf),
    writeGap: createWriteGap(openWriter, { now: () => new Date(), version: definition.version, signal: context.signal }),
    store,
    now: Date.now,
    random: Math.random,
    sleep: timing.sleep,
    report: options.report,
  };
  return { ports, store, clouds };
}

/** One API client for each connection; those of the same Cloudflare user share its rate budget. */
async function openClouds({ opened, context, options, closing }: Opening, client: Elasticsearch, timing: Timing): Promise<ReadonlyMap<string, Cloudflare>> {
  const { definition, settings } = opened;
  const shared = settings.state.store === 'elasticsearch';
  const store = shared ? openSharedBudget(openStateIndex(client, toStateIndexName(definition.name)), systemTiming) : createMemoryStore();
  const { priority = 'live', polling = false } = options;
  const budgets = await openBudgets(opened, context, { store, closing, polling });
  const clouds = new Map<string, Cloudflare>();
  for (const connection of settings.connections) {
    const budget = budgets.get(connection.name) as Budget;
    const counted = options.requests?.count(connection.name, budget) ?? budget;
    const given = { version: definition.version, env: context.env, timing, budget: counted, priority };
    clouds.set(connection.name, closing.later(await openCloudflare(connection, given)));
  }
  return clouds;
}
