import { join } from 'node:path';
import { type Budget, createBudget } from '../cloudflare/budget.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming, type Timing } from '../cloudflare/timing.ts';
import type { StateStore } from '../collect/checkpoint.ts';
import { openFileStore } from '../collect/file-store.ts';
import type { CollectPorts, Report } from '../collect/partition-run.ts';
import type { Partition } from '../collect/ports.ts';
import { openBulkWriter } from '../elasticsearch/bulk-writer.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { readClusterId } from '../elasticsearch/cluster-id.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import { openDeadLetters } from '../elasticsearch/dead-letters.ts';
import { createFindExisting } from '../elasticsearch/existing-ids.ts';
import { createWriteGap } from '../elasticsearch/gap-writer.ts';
import { createReadGeneration } from '../elasticsearch/generation.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import type { RequestCounts } from '../health/count-turns.ts';
import type { Pulse } from '../health/pulse.ts';
import { checkInstalled } from '../package/check-installed.ts';
import type { CloudflareCredential } from '../settings/settings.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createEncodeOf } from './create-encode-of.ts';
import { createRead } from './create-read.ts';
import type { Opened } from './open-settings.ts';
import { toTargets } from './targets.ts';

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
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, { package: definition, pipeline: settings.elasticsearch.pipeline, targets: toTargets(opened) });
  const owner = { pid: context.pid, isRunning: context.isRunning };
  const store = closing.later(await openFileStore({ folder: settings.state.path, clusterId, owner }));
  const deadLetters = closing.later(openDeadLetters(join(settings.state.path, 'dead-letters.ndjson'), { now: () => new Date() }));
  const timing = options.pulse?.watch(systemTiming) ?? systemTiming;
  const clouds = await openClouds({ opened, context, options, closing }, timing);
  const dataStreamOf = (partition: Partition): string => toDataStreamName(definition.name, partition);
  const openWriter = openBulkWriter({
    client,
    dataStreamOf,
    encodeOf: createEncodeOf(opened),
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

/** One API client for each connection; connections with the same credential share its rate budget. */
async function openClouds({ opened, context, options, closing }: Opening, timing: Timing): Promise<ReadonlyMap<string, Cloudflare>> {
  const { definition, settings } = opened;
  const budgets = new Map<string, Budget>();
  const clouds = new Map<string, Cloudflare>();
  for (const connection of settings.connections) {
    const key = toBudgetKey(connection.credential);
    const budget = budgets.get(key) ?? createBudget(timing);
    budgets.set(key, budget);
    const counted = options.requests?.count(connection.name, budget) ?? budget;
    const cloudflare = await openCloudflare(connection, { version: definition.version, env: context.env, timing, budget: counted });
    clouds.set(connection.name, closing.later(cloudflare));
  }
  return clouds;
}

function toBudgetKey(credential: CloudflareCredential): string {
  return credential.kind === 'token' ? `token ${credential.token}` : `user ${credential.email}`;
}
