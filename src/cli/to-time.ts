/** RFC 3339 in UTC, without milliseconds where there are none. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
