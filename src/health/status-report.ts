import type { StateEntry } from '../collect/checkpoint.ts';
import type { PartitionStatus } from '../collect/partition-status.ts';
import type { Partition } from '../collect/ports.ts';
import { toExpiryWarning } from './credential-expiry.ts';
import { REFRESH_MS } from './save-statuses.ts';

/** Names a partition. */
export type Place = Pick<Partition, 'connection' | 'namespace' | 'stream' | 'source' | 'scopeId'>;

/** One partition, as somebody who asks now should see it. Times in epoch milliseconds. */
export interface PartitionReport {
  readonly place: Place;
  /** `unknown`: no collector has said anything of it. */
  readonly state: PartitionStatus['state'] | 'unknown';
  /** Time since everything was settled; undefined before the first window. */
  readonly lagMs: number | undefined;
  /** Further behind than the settings allow. */
  readonly late: boolean;
  /** How old this information is; undefined where there is none. */
  readonly ageMs: number | undefined;
  /** Older than a collector that runs lets it become. */
  readonly stale: boolean;
  readonly healthy: boolean;
  /** What the collector said last. */
  readonly status: PartitionStatus | undefined;
}

/** What the state says of a connection's partitions. */
export interface StatusReport {
  readonly healthy: boolean;
  readonly partitions: readonly PartitionReport[];
  /** Credentials that expire soon, by connection. */
  readonly warnings: readonly { readonly connection: string; readonly warning: string }[];
}

interface ReportOptions {
  readonly now: number;
  readonly maxLagMs: number;
  /** Partitions of the settings; each is in the report, also where nothing is known of it. */
  readonly planned: readonly { readonly key: string; readonly place: Place }[];
  /** Whether a partition that is stored belongs to the settings; what was taken out of them is nobody's trouble. */
  readonly belongs: (place: Place) => boolean;
}

/** Three signs of life may be missing, or two polls of a collector that is started for each. */
function mayBeOldMs({ intervalMs }: PartitionStatus): number {
  return Math.max(3 * REFRESH_MS, 2 * intervalMs);
}

/** Judges what is stored: a partition that is paused, has failed, is late or unknown is not healthy. */
export function toStatusReport(entries: readonly StateEntry[], options: ReportOptions): StatusReport {
  const stored = new Map(entries.map((entry) => [entry.key, entry]));
  const known = entries.flatMap(({ key, status }) => (status !== undefined && options.belongs(status.partition) ? [{ key, place: status.partition }] : []));
  const all = new Map([...options.planned, ...known].map(({ key, place }) => [key, place]));
  const partitions = [...all].map(([key, place]) => toPartitionReport(place, stored.get(key), options));
  return { healthy: partitions.every(({ healthy }) => healthy), partitions, warnings: toWarnings(partitions, options.now) };
}

function toPartitionReport(place: Place, entry: StateEntry | undefined, { now, maxLagMs }: ReportOptions): PartitionReport {
  const status = entry?.status;
  const until = entry?.checkpoint?.until ?? status?.lastWindow?.before;
  const lagMs = until === undefined ? undefined : Math.max(0, now - until);
  const ageMs = status === undefined ? undefined : Math.max(0, now - status.updatedMs);
  const late = (lagMs ?? 0) > maxLagMs;
  const state = status?.state ?? 'unknown';
  const bad = state === 'paused' || state === 'failed' || state === 'unknown';
  const stale = status !== undefined && ageMs !== undefined && ageMs > mayBeOldMs(status);
  return { place, state, lagMs, late, ageMs, stale, healthy: !bad && !late, status };
}

function toWarnings(partitions: readonly PartitionReport[], now: number): StatusReport['warnings'] {
  const expiries = new Map<string, PartitionStatus>();
  for (const { place, status } of partitions) {
    const before = expiries.get(place.connection);
    // Who asked last knows of the token that is used now.
    if (status?.credentialExpiresMs !== undefined && status.updatedMs > (before?.updatedMs ?? 0)) expiries.set(place.connection, status);
  }
  return [...expiries].flatMap(([connection, { credentialExpiresMs }]) => {
    const warning = toExpiryWarning(credentialExpiresMs, now);
    return warning === undefined ? [] : [{ connection, warning }];
  });
}
