import type { AuditEventV2 } from './audit-event-v2.ts';
import type { AuditSource, PlacedEvent } from './audit-source.ts';
import { type NamedAccount, toEventV2 } from './to-event-v2.ts';

/** The events of an account as version 2 of the API shows them: to the millisecond, and none of those that only look at something. */
export function createAuditSourceV2(source: AuditSource, account: NamedAccount): AuditSource<AuditEventV2> {
  // The pages of one query look at the same bucket again and again.
  let last: { readonly bucket: number; readonly events: readonly PlacedEvent<AuditEventV2>[] } | undefined;
  const read = (bucket: number): readonly PlacedEvent<AuditEventV2>[] => {
    if (last?.bucket !== bucket) last = { bucket, events: source.read(bucket).flatMap((placed) => toPlaced(placed, account)) };
    return last.events;
  };
  return { bucketMicros: source.bucketMicros, buckets: source.buckets, count: (bucket) => read(bucket).length, read };
}

function toPlaced({ event, micros, ...place }: PlacedEvent, account: NamedAccount): readonly PlacedEvent<AuditEventV2>[] {
  const shown = toEventV2(event, account);
  return shown === undefined ? [] : [{ ...place, micros: Math.floor(micros / 1000) * 1000, event: shown }];
}
