import { parseDuration } from '../definition/duration.ts';
import { toEpochMs, toInstant } from '../pipeline/parse-time.ts';

/**
 * Epoch milliseconds of a time as a person writes it: RFC 3339 (`2026-11-01T08:00:00Z`), a date (its first moment in UTC), `now`, or a duration such as `7d`,
 * which means so long ago. Undefined for anything else.
 */
export function parseMoment(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return now - agoMs;
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const instant = toInstant(text);
  return instant && toEpochMs(instant);
}
