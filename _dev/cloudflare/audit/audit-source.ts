import type { AccountOptions } from '../options.ts';
import { hashText, mix } from '../random.ts';
import { createSchedule } from '../schedule.ts';
import { parseDateTime, renderMicros, toMicrosCeil } from '../times.ts';
import type { AuditEvent } from './audit-event.ts';
import { createEventMaker } from './draw-event.ts';

/** An event and what decides over its place in answers. */
export interface PlacedEvent<E = AuditEvent> {
  /** Its time, microseconds since the epoch. */
  readonly micros: number;
  readonly event: E;
  /** A user-level event (see hide_user_logs). */
  readonly ofUser: boolean;
  /** 0 to 1: the share of the indexing delay that it waits. */
  readonly delay: number;
}

/** Microseconds since the epoch, both inclusive. */
export interface MicrosRange {
  readonly first: number;
  readonly last: number;
}

/** All audit events of an account, at any time. */
export interface AuditSource<E = AuditEvent> {
  /** Buckets of time that a range touches, oldest first. */
  readonly buckets: (range: MicrosRange) => { readonly first: number; readonly last: number };
  readonly bucketMicros: number;
  /** Number of events of a bucket, without making them. */
  readonly count: (bucket: number) => number;
  /** The events of a bucket, oldest first; events of one `when` in a fixed order. */
  readonly read: (bucket: number) => readonly PlacedEvent<E>[];
}

type Extra = NonNullable<AccountOptions['extraEvents']>[number];
type SourceOptions = AccountOptions & { readonly id: string; readonly seed: number };

const BUCKET_MS = 60_000;
const BUCKET_MICROS = BUCKET_MS * 1000;
const SECOND_MICROS = 1_000_000;

/** The events of an account as a function of time; nothing is kept. */
export function createAuditSource(options: SourceOptions): AuditSource {
  const salt = mix(options.seed, hashText(options.id));
  const schedule = createSchedule({
    perHour: options.auditEventsPerHour ?? 60,
    bucketMs: BUCKET_MS,
    dailySwing: options.dailySwing ?? 0,
    from: options.eventsFrom ?? 0,
  });
  const maker = createEventMaker(options.id, salt);
  const extras = groupExtras(options.extraEvents ?? []);
  const bursts = groupBursts(options.bursts ?? []);
  const drawTimes = (bucket: number): readonly number[] => {
    const regular = drawRegularTimes(mix(salt, bucket), bucket, schedule.count(bucket));
    return regular.concat(bursts.get(bucket) ?? []);
  };
  return {
    bucketMicros: BUCKET_MICROS,
    buckets: ({ first, last }) => ({ first: Math.floor(first / BUCKET_MICROS), last: Math.floor(last / BUCKET_MICROS) }),
    count: (bucket) => schedule.count(bucket) + (bursts.get(bucket)?.length ?? 0) + (extras.get(bucket)?.length ?? 0),
    read: (bucket) => {
      const drawn = drawTimes(bucket).map((micros, index) => {
        const { event, ofUser } = maker.draw({ bucket, index }, renderMicros(micros));
        return { micros, event, ofUser, delay: mix(mix(salt, bucket), index + 0x0de1a9) / 0x1_0000_0000 };
      });
      return [...drawn, ...(extras.get(bucket) ?? [])].sort((a, b) => a.micros - b.micros);
    },
  };
}

/** Six of ten in whole seconds, the others to the microsecond; one of seven in the very second of its predecessor. */
function drawRegularTimes(salt: number, bucket: number, count: number): readonly number[] {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const draw = mix(salt, index + 0x71e5);
    const before = times.at(-1);
    const micros = before !== undefined && draw % 7 === 0 ? before : bucket * BUCKET_MICROS + (mix(salt, index) % BUCKET_MICROS);
    times.push((draw >>> 8) % 10 < 6 ? Math.floor(micros / SECOND_MICROS) * SECOND_MICROS : micros);
  }
  return times;
}

/** The times of burst events, by bucket. */
function groupBursts(bursts: NonNullable<AccountOptions['bursts']>): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, readonly number[]>();
  for (const { at, count } of bursts) {
    const bucket = Math.floor(at / BUCKET_MS);
    const times = new Array<number>(count).fill(Math.floor(at / 1000) * SECOND_MICROS);
    groups.set(bucket, (groups.get(bucket) ?? []).concat(times));
  }
  return groups;
}

function groupExtras(events: readonly Extra[]): ReadonlyMap<number, readonly PlacedEvent[]> {
  const groups = new Map<number, PlacedEvent[]>();
  for (const event of events) {
    const nanos = parseDateTime(event.when);
    if (nanos === undefined) throw new Error(`extra event ${event.id}: "${event.when}" is no RFC 3339 date-time`);
    const micros = toMicrosCeil(nanos);
    const bucket = Math.floor(micros / BUCKET_MICROS);
    groups.set(bucket, [...(groups.get(bucket) ?? []), { micros, event, ofUser: false, delay: 0 }]);
  }
  return groups;
}
