import type { AuditEvent } from './audit-event.ts';
import type { AuditSource, MicrosRange, PlacedEvent } from './audit-source.ts';

/** Which events of an account are wanted. */
export interface EventQuery<E = AuditEvent> {
  /** Both ends belong to it; the endpoint settles which of the caller's ends do. */
  readonly range: MicrosRange;
  readonly direction: 'asc' | 'desc';
  readonly skip: number;
  /** At most so many. */
  readonly limit: number;
  /** Only events that pass; absent: all. */
  readonly filter?: ((placed: PlacedEvent<E>) => boolean) | undefined;
  /** Events later than this (microseconds) may still be invisible. */
  readonly settledUntil: number;
  readonly isVisible: (placed: PlacedEvent<E>) => boolean;
}

/** Reads a page of events, and makes only those buckets whose events it must look at. */
export function queryEvents<E>(source: AuditSource<E>, query: EventQuery<E>): readonly PlacedEvent<E>[] {
  const found: PlacedEvent<E>[] = [];
  let skip = query.skip;
  for (const bucket of walkBuckets(source, query)) {
    if (found.length >= query.limit) break;
    const count = isWhole(source, bucket, query) ? source.count(bucket) : undefined;
    if (count !== undefined && count <= skip) {
      skip -= count;
      continue;
    }
    const events = readMatching(source, bucket, query);
    found.push(...events.slice(skip, skip + query.limit - found.length));
    skip = Math.max(0, skip - events.length);
  }
  return found;
}

/** Number of events that a query reaches, whatever its page. */
export function countEvents<E>(source: AuditSource<E>, query: EventQuery<E>): number {
  let total = 0;
  for (const bucket of walkBuckets(source, query)) total += isWhole(source, bucket, query) ? source.count(bucket) : readMatching(source, bucket, query).length;
  return total;
}

function* walkBuckets<E>(source: AuditSource<E>, { direction, range }: EventQuery<E>): Generator<number> {
  const { first, last } = source.buckets(range);
  for (let step = 0; step <= last - first; step++) yield direction === 'asc' ? first + step : last - step;
}

function isWhole<E>(source: AuditSource<E>, bucket: number, { filter, range, settledUntil }: EventQuery<E>): boolean {
  const start = bucket * source.bucketMicros;
  const end = start + source.bucketMicros - 1;
  return filter === undefined && start >= range.first && end <= Math.min(range.last, settledUntil);
}

function readMatching<E>(source: AuditSource<E>, bucket: number, { direction, filter, isVisible, range }: EventQuery<E>): readonly PlacedEvent<E>[] {
  if (source.count(bucket) === 0) return [];
  const events = source
    .read(bucket)
    .filter((placed) => placed.micros >= range.first && placed.micros <= range.last && isVisible(placed) && (filter === undefined || filter(placed)));
  return direction === 'asc' ? events : events.reverse();
}
