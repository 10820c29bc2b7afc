import { systemTiming } from '../cloudflare/timing.ts';
import { toPartitionKey } from '../collect/partition.ts';
import { type PlannedPartition, planPartitions } from '../collect/plan-partitions.ts';
import type { Report } from '../collect/report.ts';
import { IntegrationError } from '../errors.ts';
import type { RequestCounts } from '../health/count-turns.ts';
import { createExpiryWatch, EXPIRY_HINT, type ExpiryWatch } from '../health/credential-expiry.ts';
import { openHealthServer } from '../health/health-server.ts';
import { createHeartbeats } from '../health/heartbeats.ts';
import { openMetrics } from '../health/metrics.ts';
import type { Pulse } from '../health/pulse.ts';
import { toReadiness } from '../health/readiness.ts';
import { createStatusSaver } from '../health/save-statuses.ts';
import { StatusBook } from '../health/status-book.ts';
import { atMost } from './at-most.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { findSource } from './create-encode-of.ts';
import { toInstance } from './instance.ts';
import { redact } from './log.ts';
import type { Collector } from './open-collector.ts';
import type { Opened } from './open-settings.ts';
import { toSecrets } from './to-secrets.ts';

interface HealthOptions {
  readonly opened: Opened;
  readonly context: CommandContext;
  readonly collector: Collector;
  readonly planned: readonly PlannedPartition[];
  readonly once: boolean;
  /** The settings file, for messages. */
  readonly file: string;
  readonly pulse: Pulse;
  readonly requests: RequestCounts;
}

/** What watches a collector. */
export interface Health {
  /** To be told what happens. */
  readonly report: Report;
  /** Says and saves how things are at the end. */
  close(): Promise<void>;
}

/** What is saved last may take this long; after a signal the process has to end within ten seconds, of which collecting may take nine. */
const CLOSE_MS = 8_000;
const INTERRUPTED = { mostMs: 3_000, leastMs: 700, afterSignalMs: 7_500 };

const { now, sleep } = systemTiming;

/**
 * Begins to watch a collector: saves how each partition is, writes heartbeats, asks when credentials expire and answers on `health.address`. Failures of its own are
 * logged and change nothing for collecting.
 * @throws SettingsError where the address cannot be listened on
 */
export async function openHealth(options: HealthOptions): Promise<Health> {
  const { opened, context, collector } = options;
  const warn = (what: string, error?: unknown): void => opened.log('warn', error === undefined ? what : `${what}: ${messageOf(error)}`);
  const expiry = watchExpiry(options);
  const book = await openBook(options, expiry, warn);
  const closing = new Closing();
  await openServer(options, book, closing);
  const { store } = collector;
  const save = store.saveStatus.bind(store);
  const readAll = isShared(opened) ? () => store.list() : undefined;
  const saver = createStatusSaver({ book, save, readAll, now, sleep, warn: (error) => warn('the status of a partition could not be saved', error) });
  const { openWriter } = collector.ports;
  const { version } = opened.definition;
  const [stop, over] = [new AbortController(), new AbortController()];
  const intervalMs = opened.settings.health.heartbeatMs;
  const heartbeats = createHeartbeats({ book, openWriter, intervalMs, now, sleep, version, warn, signal: over.signal });
  const loops = [saver, heartbeats, expiry].map((loop) => loop.run(stop.signal).catch((error: unknown) => warn('watching has ended', error)));
  const end = async (): Promise<void> => {
    await Promise.all(loops);
    await Promise.all([saver.flush(), heartbeats.send()]);
  };
  const leftMs = measureLeft(context.signal);
  return {
    report: book.report,
    close: async () => {
      stop.abort();
      await closing.close();
      await atMost(leftMs(), end());
      over.abort();
    },
  };
}

function watchExpiry({ opened, collector }: HealthOptions): ExpiryWatch {
  const { definition } = opened;
  const accountsOf = (name: string): readonly string[] => {
    const connection = collector.connections.find(name);
    const partitions = planPartitions(connection === undefined ? [] : [connection], definition).map(({ partition }) => partition);
    return partitions.filter((partition) => findSource(definition, partition).scope === 'account').map(({ scopeId }) => scopeId);
  };
  const toVerify = () =>
    new Map([...collector.connections.clouds()].map(([name, cloud]) => [name, (signal: AbortSignal) => cloud.verify(accountsOf(name), signal)]));
  const warn = (connection: string, warning: string): void => opened.log('warn', `connection ${connection}: ${warning}. ${EXPIRY_HINT}`);
  return createExpiryWatch({ connections: toVerify, now, sleep, warn });
}

async function openBook(options: HealthOptions, expiry: ExpiryWatch, warn: (what: string, error: unknown) => void): Promise<StatusBook> {
  const { opened, context, collector, planned, once } = options;
  const book = new StatusBook({
    now,
    instance: toInstance(context),
    lagMsOf: (partition) => findSource(opened.definition, partition).window.lagMs,
    budgetLeft: ({ connection }) => collector.connections.clouds().get(connection)?.budgetLeft(),
    credentialExpiresMs: ({ connection }) => expiry.expiresMs(connection),
    redact: (text) => redact(text, toSecrets({ ...opened.settings, connections: collector.connections.list() })),
    once,
    shared: isShared(opened),
  });
  const entries = await collector.store.list().catch((error: unknown) => {
    warn('what was known of partitions could not be read, so their totals begin anew', error);
    return [];
  });
  const known = new Map(entries.map(({ key, status, checkpoint }) => [key, { ...(status && { status }), untilMs: checkpoint?.until }]));
  for (const { partition } of planned) book.watch(partition, known.get(toPartitionKey(partition)));
  return book;
}

async function openServer({ opened, context, file, pulse, requests }: HealthOptions, book: StatusBook, closing: Closing): Promise<void> {
  const { address, maxLagMs } = opened.settings.health;
  if (address === undefined) return;
  const metrics = openMetrics({ list: () => book.list(), requests, now, version: opened.definition.version, instance: toInstance(context) });
  const readiness = () => toReadiness(book.list(), { now: now(), maxLagMs });
  const server = closing.later(await openHealthServer({ address, file, sources: { metrics, readiness, pulse } }));
  opened.log('info', `${server.url} answers /metrics, /livez and /readyz`);
}

/** Whether other collectors may work on the same partitions. */
function isShared({ settings }: Opened): boolean {
  return settings.state.store === 'elasticsearch';
}

/** Makes the function that tells how long the end may take. */
function measureLeft(signal: AbortSignal): () => number {
  let firedAt: number | undefined = signal.aborted ? now() : undefined;
  signal.addEventListener('abort', () => (firedAt = now()), { once: true });
  const { mostMs, leastMs, afterSignalMs } = INTERRUPTED;
  return () => (firedAt === undefined ? CLOSE_MS : Math.max(leastMs, Math.min(mostMs, firedAt + afterSignalMs - now())));
}

/** An error that nobody foresaw shows its stack; one of the disk or the network has a code. */
function messageOf(error: unknown): string {
  if (error instanceof IntegrationError) return `${error.message}. ${error.hint}`;
  if (error instanceof Error && 'code' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
