import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { RequestCounts } from './count-turns.ts';
import { toLagMs } from './readiness.ts';
import { toStateName } from './state-name.ts';
import type { PartitionHealth } from './status-book.ts';

interface MetricsOptions {
  /** The partitions as they are now. */
  readonly list: () => readonly PartitionHealth[];
  readonly requests: RequestCounts;
  readonly now: () => number;
  readonly version: string;
  readonly instance: string;
}

/** What Prometheus scrapes. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
}

type Labels = Readonly<Record<string, string>>;

/** One number under its labels. */
interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A metric that is read when it is asked for: what is gone leaves no number behind. */
interface Declared {
  readonly kind: 'gauge' | 'counter';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: () => readonly Sample[];
}

const PREFIX = 'cloudflare_collector_';
const PARTITION = ['connection', 'stream', 'source', 'scope'];
const STATES = ['caughtUp', 'behind', 'waiting', 'paused', 'failed'] as const;
const OUTCOMES = ['created', 'duplicate', 'dead', 'dropped'] as const;

/**
 * Metrics of a collection, in a registry of their own. There are as many series as partitions, states, outcomes and acts allow: no label holds a text that comes from outside.
 * Records and gaps are counted since a partition's first window, so a restart does not begin anew; all else since the process began.
 */
export function openMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const declared of declare(options)) register(declared, registry);
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

function declare(options: MetricsOptions): readonly Declared[] {
  const { list, now, version, instance } = options;
  const each = (read: (health: PartitionHealth) => number | undefined) => () => toSamples(list(), read);
  const gauge = (name: string, help: string, read: Parameters<typeof each>[0]): Declared => ({
    kind: 'gauge',
    name,
    help,
    labels: PARTITION,
    read: each(read),
  });
  return [
    { kind: 'gauge', name: 'info', help: 'Version and name of this collector.', labels: ['version', 'instance'], read: () => [one({ version, instance }, 1)] },
    gauge('lag_seconds', 'Time since everything of the partition was settled, in seconds.', (health) => toLagMs(health, now()) / 1000),
    gauge('last_event_timestamp_seconds', 'Time of the newest event read, in Unix seconds.', ({ status }) => toSeconds(status.lastEventMs)),
    gauge('paused', '1 where the partition is paused until somebody acts, else 0.', ({ status }) => Number(status.state === 'paused')),
    gauge('budget_left_requests', "Requests that the partition's rate budget still allows at once.", ({ status }) => status.budgetLeft),
    gauge('credential_expiry_timestamp_seconds', "When the connection's credential expires, in Unix seconds.", ({ status }) =>
      toSeconds(status.credentialExpiresMs),
    ),
    { kind: 'gauge', name: 'partitions', help: 'Partitions in each state.', labels: ['state'], read: () => countStates(list()) },
    ...declareCounters(options),
  ];
}

function declareCounters({ list, requests }: MetricsOptions): readonly Declared[] {
  const counter = (name: string, help: string, read: (health: PartitionHealth) => number): Declared => ({
    kind: 'counter',
    name,
    help,
    labels: PARTITION,
    read: () => toSamples(list(), read),
  });
  const split = (read: (health: PartitionHealth) => readonly Sample[]) => () =>
    list().flatMap((health) => read(health).map(({ labels, value }) => one({ ...toLabels(health), ...labels }, value)));
  return [
    {
      kind: 'counter',
      name: 'records_total',
      help: 'Records settled, by outcome: created, duplicate (was there already), dead (dead-lettered) or dropped (by a declared rule).',
      labels: [...PARTITION, 'outcome'],
      read: split(({ status }) => OUTCOMES.map((outcome) => one({ outcome }, status.totals[outcome]))),
    },
    {
      kind: 'counter',
      name: 'dropped_records_total',
      help: "Records left out, by declared rule; ingest pipeline where a pipeline of the user's own dropped them.",
      labels: [...PARTITION, 'rule'],
      read: split(({ status }) => Object.entries(status.totals.droppedBy ?? {}).map(([rule, count]) => one({ rule }, count))),
    },
    counter('dead_letters_total', 'Records that went to the dead letters.', ({ status }) => status.totals.dead),
    counter('gaps_total', 'Intervals that are lost; the collector data stream says which and why.', ({ status }) => status.totals.gaps),
    counter('windows_total', 'Windows settled.', ({ windows }) => windows),
    counter('retries_total', 'Windows that were tried again after an error.', ({ retries }) => retries),
    {
      kind: 'counter',
      name: 'errors_total',
      help: 'Errors that ended an attempt, by what follows from them: an act such as retry, wait or pause, or the side that failed.',
      labels: [...PARTITION, 'act'],
      read: split(({ errors }) => Object.entries(errors).map(([act, count]) => one({ act }, count))),
    },
    {
      kind: 'counter',
      name: 'requests_total',
      help: 'Requests sent to Cloudflare, by the limit that they count against; those sent again count again.',
      labels: ['connection', 'kind'],
      read: () => requests.list().map(({ connection, kind, count }) => one({ connection, kind }, count)),
    },
  ];
}

function one(labels: Labels, value: number): Sample {
  return { labels, value };
}

function toLabels({ partition: { connection, stream, source, scopeId } }: PartitionHealth): Labels {
  return { connection, stream, source, scope: scopeId };
}

function toSamples(partitions: readonly PartitionHealth[], read: (health: PartitionHealth) => number | undefined): readonly Sample[] {
  return partitions.flatMap((health) => {
    const value = read(health);
    return value === undefined ? [] : [one(toLabels(health), value)];
  });
}

function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function countStates(partitions: readonly PartitionHealth[]): readonly Sample[] {
  return STATES.map((state) => one({ state: toStateName(state) }, partitions.filter(({ status }) => status.state === state).length));
}

function register({ kind, name, help, labels, read }: Declared, registry: Registry): void {
  const common = { name: `${PREFIX}${name}`, help, labelNames: labels, registers: [registry] };
  if (kind === 'gauge') {
    new Gauge({
      ...common,
      collect() {
        this.reset();
        for (const { labels: of, value } of read()) this.set(of, value);
      },
    });
  } else {
    new Counter({
      ...common,
      collect() {
        this.reset();
        for (const { labels: of, value } of read()) this.inc(of, value);
      },
    });
  }
}
