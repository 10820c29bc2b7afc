import { addCounts } from '../collect/add-counts.ts';
import type { Counts, Outcomes, Partition, Window } from '../collect/ports.ts';
import type { Report } from '../collect/report.ts';
import { CloudflareError, IntegrationError } from '../errors.ts';
import type { Log } from './log.ts';
import { messageOf } from './message-of.ts';
import { toTime } from './to-time.ts';

/** Totals of one data stream. */
export type Totals = Omit<Outcomes, 'droppedBy'>;

/** What a collection has done so far, beside the log lines about it. */
export interface CollectSummary {
  readonly report: Report;
  /** By name of the data stream. */
  readonly totals: () => Readonly<Record<string, Totals>>;
  /** How many records each rule left out, by name of the data stream; only streams of which there were any. */
  readonly drops: () => Readonly<Record<string, Counts>>;
  readonly gaps: () => number;
  /** How often a partition stopped because nothing answered where Cloudflare should; in a single run each stops once. */
  readonly unreached: () => number;
}

const nothing: Totals = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0 };

interface SummaryOptions {
  /** Data streams that are in the totals from the start. */
  readonly streams: readonly string[];
  readonly log: Log;
  /** Nothing is tried again later. */
  readonly once: boolean;
}

/** Logs what happens and adds it up. */
export function createSummary({ streams, log, once }: SummaryOptions): CollectSummary {
  const totals = new Map<string, Totals>(streams.map((stream) => [stream, nothing]));
  const drops = new Map<string, Counts>();
  let gaps = 0;
  let unreached = 0;
  const report: Report = {
    window: (partition, window, outcomes) => {
      totals.set(partition.stream, add(totals.get(partition.stream) ?? nothing, outcomes));
      const dropped = addCounts(drops.get(partition.stream), outcomes.droppedBy);
      if (dropped !== undefined) drops.set(partition.stream, dropped);
      log(outcomes.dead > 0 ? 'warn' : 'info', `${show(partition)}: ${showCounts(outcomes)} (${showWindow(window)})`, toFields(partition, window, outcomes));
    },
    gap: (partition, lost, reason) => {
      gaps += 1;
      log('warn', `${show(partition)}: ${showWindow(lost)} is lost: ${reason}`, toFields(partition, lost));
    },
    shortened: (partition, sinceMs) =>
      log('info', `${show(partition)}: Cloudflare keeps nothing before ${toTime(sinceMs)}, so collecting begins there instead of initial_interval ago`),
    lost: (partition, { message, hint }) => log('warn', `${show(partition)}: ${message}. ${hint}`),
    again: (partition, error, afterMs) => log('warn', `${show(partition)}: ${messageOf(error)}; trying again in ${Math.ceil(afterMs / 1000)} s`),
    stopped: (partition, error, kind, until) => {
      if (error instanceof CloudflareError && error.status === undefined) unreached += 1;
      const hint = error instanceof IntegrationError ? ` ${error.hint}` : '';
      log('error', `${show(partition)} ${kind}: ${messageOf(error)}.${hint}${once ? '' : ` Next try at ${toTime(until)}.`}`);
    },
  };
  return { report, totals: () => Object.fromEntries(totals), drops: () => Object.fromEntries(drops), gaps: () => gaps, unreached: () => unreached };
}

function add(a: Totals, b: Outcomes): Totals {
  return { read: a.read + b.read, created: a.created + b.created, duplicate: a.duplicate + b.duplicate, dead: a.dead + b.dead, dropped: a.dropped + b.dropped };
}

function show({ connection, stream, scopeId }: Partition): string {
  return `${connection}: ${stream} of ${scopeId}`;
}

function showWindow({ since, before }: Window): string {
  return `${toTime(since)} to ${toTime(before)}`;
}

function showCounts({ read, created, duplicate, dead, dropped, droppedBy = {} }: Outcomes): string {
  const rest = Object.entries({ duplicate, dead, dropped }).filter(([, count]) => count > 0);
  const rules = Object.entries(droppedBy).map(([rule, count]) => `${rule} ${count}`);
  const by = rules.length === 0 ? '' : ` (${rules.join(', ')})`;
  return `${[`${read} read`, `${created} created`, ...rest.map(([name, count]) => `${count} ${name}`)].join(', ')}${by}`;
}

function toFields(partition: Partition, window: Window, outcomes?: Outcomes): Readonly<Record<string, unknown>> {
  const { connection, stream, source, scopeId } = partition;
  const { droppedBy, ...counts } = outcomes ?? {};
  return {
    'cloudflare.collector': {
      connection,
      stream,
      source,
      scope_id: scopeId,
      since: toTime(window.since),
      before: toTime(window.before),
      ...counts,
      dropped_by: droppedBy,
    },
  };
}
