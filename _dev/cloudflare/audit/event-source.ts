import { mix } from '../random.ts';
import { createSchedule } from '../schedule.ts';
import { parseDateTime, toMicrosCeil } from '../times.ts';
import type { AuditSource, PlacedEvent } from './audit-source.ts';

/** What makes the events of one owner a function of time. */
export interface EventSourceOptions<E> {
  readonly salt: number;
  /** Mean number of events per hour. */
  readonly perHour: number;
  /** See ScheduleOptions. */
  readonly dailySwing: number;
  /** No events before this moment (ms). */
  readonly from: number;
  /** That many more events, all within the one second at `at` (ms). */
  readonly bursts: readonly { readonly at: number; readonly count: number }[];
  /** Events besides the generated ones, served as they are. */
  readonly extras: readonly { readonly event: E; readonly time: string }[];
  /** The event of a place. */
  readonly draw: (place: { readonly bucket: number; readonly index: number }, micros: number) => { readonly event: E; readonly ofUser: boolean };
  /** Whether what stands at a place, not the first of its bucket, is what stands before it once more. @default never */
  readonly repeats?: (place: { readonly bucket: number; readonly index: number }) => boolean;
}

const BUCKET_MS = 60_000;
const BUCKET_MICROS = BUCKET_MS * 1000;
const SECOND_MICROS = 1_000_000;

/** Events as a function of time; nothing is kept. */
export function createEventSource<E>(options: EventSourceOptions<E>): AuditSource<E> {
  const { salt, draw, dailySwing, from, perHour, repeats = () => false } = options;
  const schedule = createSchedule({ perHour, bucketMs: BUCKET_MS, dailySwing, from });
  const extras = groupExtras(options.extras);
  const bursts = groupBursts(options.bursts);
  const drawTimes = (bucket: number): readonly number[] => {
    const regular = drawRegularTimes(mix(salt, bucket), bucket, schedule.count(bucket));
    return regular.concat(bursts.get(bucket) ?? []);
  };
  return {
    bucketMicros: BUCKET_MICROS,
    buckets: ({ first, last }) => ({ first: Math.floor(first / BUCKET_MICROS), last: Math.floor(last / BUCKET_MICROS) }),
    count: (bucket) => schedule.count(bucket) + (bursts.get(bucket)?.length ?? 0) + (extras.get(bucket)?.length ?? 0),
    read: (bucket) => {
      const times = drawTimes(bucket);
      const drawn = times.map((time, index) => {
        const drawnAt = index > 0 && repeats({ bucket, index }) ? index - 1 : index;
        const micros = times[drawnAt] ?? time;
        return { micros, ...draw({ bucket, index: drawnAt }, micros), delay: mix(mix(salt, bucket), index + 0x0de1a9) / 0x1_0000_0000 };
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
function groupBursts(bursts: EventSourceOptions<unknown>['bursts']): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, readonly number[]>();
  for (const { at, count } of bursts) {
    const bucket = Math.floor(at / BUCKET_MS);
    const times = new Array<number>(count).fill(Math.floor(at / 1000) * SECOND_MICROS);
    groups.set(bucket, (groups.get(bucket) ?? []).concat(times));
  }
  return groups;
}

function groupExtras<E>(extras: EventSourceOptions<E>['extras']): ReadonlyMap<number, readonly PlacedEvent<E>[]> {
  const groups = new Map<number, PlacedEvent<E>[]>();
  for (const { event, time } of extras) {
    const nanos = parseDateTime(time);
    if (nanos === undefined) throw new Error(`an extra event is placed at "${time}", which is no RFC 3339 date-time`);
    const micros = toMicrosCeil(nanos);
    const bucket = Math.floor(micros / BUCKET_MICROS);
    groups.set(bucket, [...(groups.get(bucket) ?? []), { micros, event, ofUser: false, delay: 0 }]);
  }
  return groups;
}
