const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** Nanoseconds since the epoch of an RFC 3339 date-time; undefined for anything else, also for days that do not exist. */
export function parseDateTime(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const seconds = Date.parse(`${match[1]?.toUpperCase()}${match[3]?.toUpperCase()}`);
  if (Number.isNaN(seconds) || !isRealDay(text.slice(0, 10))) return undefined;
  return BigInt(seconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}

/** Nanoseconds since the epoch of an RFC 3339 full-date (its midnight UTC) or date-time. */
export function parseDateOrDateTime(text: string): bigint | undefined {
  return parseDateTime(DATE.test(text) ? `${text}T00:00:00Z` : text);
}

/** Nanoseconds since the epoch of what Logpull takes: unix seconds, unix nanoseconds or an RFC 3339 date-time. */
export function parseLogpullTime(text: string): bigint | undefined {
  if (/^\d{1,11}$/.test(text)) return BigInt(text) * 1_000_000_000n;
  if (/^\d{16,19}$/.test(text)) return BigInt(text);
  return parseDateTime(text);
}

/** The first microsecond that is not before a moment given in nanoseconds. */
export function toMicrosCeil(nanos: bigint): number {
  const micros = nanos / 1000n;
  return Number(nanos > micros * 1000n ? micros + 1n : micros);
}

/** RFC 3339 of microseconds since the epoch: whole seconds where it is one, else six digits of fraction. */
export function renderMicros(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = micros - seconds * 1_000_000;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, '0')}Z`;
}

function isRealDay(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}
