import { join } from 'node:path';
import type { Budget } from '../cloudflare/budget.ts';
import { toBudgetKey } from '../cloudflare/budget-key.ts';
import type { Priority } from '../cloudflare/budget-state.ts';
import { createMemoryStore } from '../cloudflare/budget-store.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming } from '../cloudflare/timing.ts';
import { openFileStore } from '../collect/file-store.ts';
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
import { checkInstalled } from '../package/check-installed.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createEncodeOf } from './create-encode-of.ts';
import { createRead } from './create-read.ts';
import { openBudgets } from './open-budgets.ts';
import type { Opened } from './open-settings.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { toTargets } from './targets.ts';

/** Both sides opened and checked, as the functions that collecting takes. */
export interface Collector {
  readonly ports: CollectPorts;
  close(): Promise<void>;
}

interface CollectorOptions {
  readonly report: Report;
  /** How long refusals of Elasticsearch without any progress are borne. */
  readonly giveUpAfterMs: number;
  /** Whether it polls every interval, so that the intervals have to fit the rate limits. @default false */
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
    return { ports: await openPorts({ opened, context, options, closing }), close: () => closing.close() };
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

async function openPorts({ opened, context, options, closing }: Opening): Promise<CollectPorts> {
  const { definition, settings, userAgent } = opened;
  if (options.polling) refuseUnfit(opened, settings.connections.map(toBudgetKey));
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, { package: definition, pipeline: settings.elasticsearch.pipeline, targets: toTargets(opened) });
  const owner = { pid: context.pid, isRunning: context.isRunning };
  const store = closing.later(await openFileStore({ folder: settings.state.path, clusterId, owner }));
  const deadLetters = closing.later(openDeadLetters(join(settings.state.path, 'dead-letters.ndjson'), { now: () => new Date() }));
  const clouds = await openClouds({ opened, context, options, closing }, client);
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
    read: createRead(opened, clouds),
    openWriter,
    readGeneration: createReadGeneration(client, dataStreamOf),
    findExisting: createFindExisting(client, dataStreamOf),
    writeGap: createWriteGap(openWriter, { now: () => new Date(), version: definition.version, signal: context.signal }),
    store,
    now: Date.now,
    random: Math.random,
    sleep: systemTiming.sleep,
    report: options.report,
  };
}

/** One API client for each connection; those of the same Cloudflare user share its rate budget. */
async function openClouds({ opened, context, options, closing }: Opening, client: Elasticsearch): Promise<ReadonlyMap<string, Cloudflare>> {
  const { definition, settings } = opened;
  const shared = settings.state.store === 'elasticsearch';
  const store = shared ? openSharedBudget(openStateIndex(client, `${definition.name}-state`), systemTiming) : createMemoryStore();
  const { priority = 'live', polling = false } = options;
  const budgets = await openBudgets(opened, context, { store, closing, polling });
  const clouds = new Map<string, Cloudflare>();
  for (const connection of settings.connections) {
    const budget = budgets.get(connection.name) as Budget;
    clouds.set(connection.name, closing.later(await openCloudflare(connection, { version: definition.version, env: context.env, budget, priority })));
  }
  return clouds;
}
