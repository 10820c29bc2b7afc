import { type JsonValue, toInteger } from './value.ts';

/** A point in time: whole seconds since 1970 and the nanoseconds within that second. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const FIRST_SECOND = -62135596800;
const LAST_SECOND = 253402300799;
const MAX_LENGTH = 1000;
const MAX_DURATION_SECONDS = 9_000_000_000;

const UNITS: readonly (readonly [min: bigint, perSecond: bigint])[] = [
  [10n ** 17n, 10n ** 9n],
  [10n ** 14n, 10n ** 6n],
  [10n ** 11n, 10n ** 3n],
];

const DATE = /^(\d{4})-(\d{2})-(\d{2})/;
const TIME = /^[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const HTTP_DATE = /^([A-Z][a-z]{2}), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const WEEKDAYS = 'MonTueWedThuFriSatSun';

/**
 * Epoch nanoseconds of a time as Cloudflare writes it: RFC 3339 date-time (any number of fraction digits, cut after the ninth; a leap
 * second counts as the next second) or full-date, or an integer in nanoseconds from 1e17, microseconds from 1e14, milliseconds from
 * 1e11, else seconds. Undefined for anything else and outside the years 1 to 9999.
 */
export function parseTime(value: string | number | bigint): bigint | undefined {
  const instant = toInstant(value);
  return instant && BigInt(instant.seconds) * 1_000_000_000n + BigInt(instant.nanos);
}

/** As `parseTime`, for any value of a record and without the cost of big integers. */
export function toInstant(value: JsonValue | undefined): Instant | undefined {
  const instant = typeof value === 'string' ? fromText(value) : fromInteger(toInteger(value));
  return instant && instant.seconds >= FIRST_SECOND && instant.seconds <= LAST_SECOND ? instant : undefined;
}

/** The date of an HTTP header in its fixed form (RFC 9110, 5.6.7) as RFC 3339, its numbers not yet checked; undefined for anything else. */
export function httpDateToIso(text: string): string | undefined {
  const [, weekday = '', day, monthName = '', year, time] = HTTP_DATE.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName);
  if (day === undefined || month % 3 !== 0 || WEEKDAYS.indexOf(weekday) % 3 !== 0) return undefined;
  return `${year}-${String(month / 3 + 1).padStart(2, '0')}-${day}T${time}Z`;
}

/** Epoch milliseconds of an instant, rounded down. */
export function toEpochMs(instant: Instant): number {
  return instant.seconds * 1000 + Math.floor(instant.nanos / 1_000_000);
}

/** Nanoseconds from one time to another; undefined where one is no time, the end lies before the start, or `long` has no room. */
export function toDuration(start: JsonValue | undefined, end: JsonValue | undefined): number | bigint | undefined {
  const first = toInstant(start);
  const last = toInstant(end);
  if (first === undefined || last === undefined) return undefined;
  const seconds = last.seconds - first.seconds;
  if (seconds < 0 || seconds > MAX_DURATION_SECONDS) return undefined;
  const nanos = BigInt(seconds) * 1_000_000_000n + BigInt(last.nanos - first.nanos);
  return nanos < 0n ? undefined : (toInteger(Number(nanos)) ?? nanos);
}

function fromInteger(value: number | bigint | undefined): Instant | undefined {
  if (value === undefined) return undefined;
  const whole = BigInt(value);
  if (whole >= 2n ** 63n) return undefined;
  for (const [min, perSecond] of UNITS) {
    if (whole >= min) return { seconds: Number(whole / perSecond), nanos: Number(((whole % perSecond) * 10n ** 9n) / perSecond) };
  }
  return { seconds: Number(whole), nanos: 0 };
}

function fromText(text: string): Instant | undefined {
  const date = text.length <= MAX_LENGTH ? DATE.exec(text) : null;
  if (date === null) return undefined;
  const days = toEpochDay(Number(date[1]), Number(date[2]), Number(date[3]));
  if (days === undefined) return undefined;
  if (text.length === 10) return { seconds: days * 86400, nanos: 0 };
  const time = TIME.exec(text.slice(10));
  if (time === null) return undefined;
  const [, hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = time;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offset = (Number(offsetHour) * 3600 + Number(offsetMinute) * 60) * (sign === '-' ? -1 : 1);
  const seconds = days * 86400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return { seconds, nanos: Number(fraction.slice(0, 9).padEnd(9, '0')) };
}

function toEpochDay(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined;
  // setUTCFullYear takes the years 0 to 99 as they are, Date.UTC does not.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day ? Math.round(date.getTime() / 86_400_000) : undefined;
}
