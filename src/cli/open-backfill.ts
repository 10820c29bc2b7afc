import { openAbsentWriter } from '../collect/open-absent-writer.ts';
import { toPartitionKey } from '../collect/partition.ts';
import type { CollectPorts } from '../collect/partition-run.ts';
import { loadPast, openPastStore, removePast } from '../collect/past-store.ts';
import type { PlannedPartition } from '../collect/plan-partitions.ts';
import { planPast } from '../collect/plan-past.ts';
import type { Read, Window } from '../collect/ports.ts';
import type { Report } from '../collect/report.ts';
import { sayLive, toLiveEdge } from './leave-to-live.ts';
import type { Log } from './log.ts';
import type { Collector } from './open-collector.ts';
import type { PastOptions } from './past-options.ts';
import type { Progress } from './progress.ts';
import { toTime } from './to-time.ts';
import { type Reach, warnOutOfReach } from './warn-out-of-reach.ts';

/** A past interval, ready to be collected. */
export interface Backfill {
  /** What there is left to do, each partition bounded to the interval. */
  readonly planned: readonly PlannedPartition[];
  readonly ports: CollectPorts;
  /** Whether every partition is settled up to the end of what Cloudflare can be asked for. */
  readonly isSettled: () => boolean;
}

interface BackfillOptions {
  readonly collector: Collector;
  readonly options: PastOptions;
  readonly log: Log;
  readonly progress: Progress;
  /** Up to when live collection has settled each partition, by its key. */
  readonly live: ReadonlyMap<string, number>;
  /** Forgets what an earlier start has done. */
  readonly restart: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Finds where an earlier start of the same backfill stopped, bounds the partitions to what Cloudflare can still be asked for, and warns of the rest.
 * @throws UsageError where nothing of the interval can be had
 */
export async function openBackfill({ collector, options, log, progress, live, restart, now }: BackfillOptions): Promise<Backfill> {
  const { mark } = options;
  const keys = options.planned.map(({ partition }) => toPartitionKey(partition));
  if (restart) await removePast(collector.store, keys, mark);
  const known = await loadPast(collector.store, keys, mark);
  // What was given as so long ago means another time at each start: the first start counts.
  const interval = [...known.values()].find((checkpoint) => checkpoint.interval !== undefined)?.interval ?? options.interval;
  const reaches = options.planned.map((planned): Reach => {
    const edge = toLiveEdge(planned, live);
    const past = planPast(planned, { ...interval, before: Math.min(interval.before, edge) }, now);
    return { planned, past, leftToLive: sayLive(planned, { interval, edge, now }, log) };
  });
  const settled = new Map(
    reaches.map(({ planned, past }, index) => [toPartitionKey(planned.partition), known.get(keys[index] ?? '')?.until ?? past.within.since]),
  );
  const isOpen = ({ planned, past }: Reach): boolean =>
    past.planned !== undefined && (settled.get(toPartitionKey(planned.partition)) ?? 0) < past.within.before;
  const open = reaches.filter(isOpen);
  if (open.length > 0 || known.size === 0) warnOutOfReach(reaches, interval, log);
  sayBeginning({ interval, open: open.length, resumed: known.size > 0 }, options, log);
  const watch = createWatch(reaches, { settled, progress, log });
  const { store, ports } = collector;
  return {
    planned: open.flatMap(({ past }) => past.planned ?? []),
    ports: {
      ...ports,
      read: watch.read(ports.read),
      report: watch.report(ports.report),
      openWriter: openAbsentWriter(collector),
      // Live collection may well have what the past cannot give any more.
      writeGap: (gap) => ports.writeGap({ ...gap, reason: `for a backfill: ${gap.reason}` }),
      store: openPastStore({ store, mark, interval }),
    },
    isSettled: () => !reaches.some(isOpen),
  };
}

interface Beginning {
  readonly interval: Window;
  /** How many partitions are not settled yet. */
  readonly open: number;
  readonly resumed: boolean;
}

function sayBeginning({ interval, open, resumed }: Beginning, { planned }: PastOptions, log: Log): void {
  const [first] = planned;
  const what = `${first?.partition.connection}: ${first?.partition.stream} from ${toTime(interval.since)} to ${toTime(interval.before)}`;
  const begun = `${resumed ? 'going on where it stopped' : 'begun'}, ${open} of ${planned.length} partitions are to be collected`;
  const over = resumed ? `${what} is finished: nothing is left to do; --restart does it again` : `${what}: nothing is left to do`;
  log('info', open === 0 ? over : `${what}: ${begun}`);
}

interface Watched {
  /** Up to when each partition is settled, by its key. */
  readonly settled: Map<string, number>;
  readonly progress: Progress;
  readonly log: Log;
}

/** Lets the progress follow what is read and settled. */
function createWatch(reaches: readonly Reach[], { settled, progress, log }: Watched) {
  let records = 0;
  const lengths = reaches.map(({ past: { within } }) => Math.max(0, within.before - within.since));
  const show = (): void => {
    const done = reaches.map(({ planned, past: { within } }) => Math.min(settled.get(toPartitionKey(planned.partition)) ?? 0, within.before) - within.since);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    progress.show({ part: done.reduce((sum, length) => sum + Math.max(0, length), 0) / total, records }, log);
  };
  const read = (inner: Read): Read =>
    async function* (...given) {
      show();
      for await (const batch of inner(...given)) {
        yield batch;
        records += batch.length;
        show();
      }
    };
  const report = (inner: Report): Report => ({
    ...inner,
    window: (partition, window, outcomes) => {
      inner.window(partition, window, outcomes);
      settled.set(toPartitionKey(partition), window.before);
      show();
    },
    gap: (partition, lost, reason) => {
      inner.gap(partition, lost, reason);
      settled.set(toPartitionKey(partition), lost.before);
    },
  });
  return { read, report };
}
