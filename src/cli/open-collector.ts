import { join } from 'node:path';
import { type Budget, createBudget } from '../cloudflare/budget.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming } from '../cloudflare/timing.ts';
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
import { checkInstalled } from '../package/check-installed.ts';
import type { CloudflareCredential } from '../settings/settings.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { createEncodeOf } from './create-encode-of.ts';
import { createRead } from './create-read.ts';
import { openEdge } from './open-edge.ts';
import type { Opened } from './open-settings.ts';
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
  const lookUps = await openEdge(opened);
  const client = closing.later(await openElasticsearch(settings.elasticsearch, { userAgent }));
  const clusterId = await readClusterId(client);
  await checkInstalled(client, { package: definition, pipeline: settings.elasticsearch.pipeline, targets: toTargets(opened) });
  const owner = { pid: context.pid, isRunning: context.isRunning };
  const store = closing.later(await openFileStore({ folder: settings.state.path, clusterId, owner }));
  const deadLetters = closing.later(openDeadLetters(join(settings.state.path, 'dead-letters.ndjson'), { now: () => new Date() }));
  const clouds = await openClouds(opened, context, closing);
  const dataStreamOf = (partition: Partition): string => toDataStreamName(definition.name, partition);
  const openWriter = openBulkWriter({
    client,
    dataStreamOf,
    encodeOf: createEncodeOf({ ...opened, lookUps }),
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

/** One API client for each connection; connections with the same credential share its rate budget. */
async function openClouds({ definition, settings }: Opened, context: CommandContext, closing: Closing): Promise<ReadonlyMap<string, Cloudflare>> {
  const budgets = new Map<string, Budget>();
  const clouds = new Map<string, Cloudflare>();
  for (const connection of settings.connections) {
    const key = toBudgetKey(connection.credential);
    const budget = budgets.get(key) ?? createBudget(systemTiming);
    budgets.set(key, budget);
    clouds.set(connection.name, closing.later(await openCloudflare(connection, { version: definition.version, env: context.env, budget })));
  }
  return clouds;
}

function toBudgetKey(credential: CloudflareCredential): string {
  return credential.kind === 'token' ? `token ${credential.token}` : `user ${credential.email}`;
}
