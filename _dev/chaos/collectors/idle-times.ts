import type { ServedRequest } from '../../cloudflare/ledger.ts';

/** How long nobody asked for anything of an account or zone. */
export interface IdleTime {
  readonly scopeId: string;
  /** Longest time between the ends of two requests for records of it, or until the end; milliseconds. */
  readonly longestMs: number;
}

const RECORDS = /^\/(?:accounts|zones)\/([0-9a-f]{32})\/(?:audit_logs|logs\/received)$/;

/** The longest pause of every account and zone from its first request to the end, the longest first; one that nobody ever asked for is idle for the whole time. */
export function measureIdleTimes(
  requests: readonly ServedRequest[],
  scopeIds: readonly string[],
  { beganMs, endMs }: { readonly beganMs: number; readonly endMs: number },
): readonly IdleTime[] {
  const last = new Map(scopeIds.map((id) => [id, beganMs]));
  const longest = new Map(scopeIds.map((id) => [id, 0]));
  const note = (id: string, atMs: number): void => {
    longest.set(id, Math.max(longest.get(id) ?? 0, atMs - (last.get(id) ?? beganMs)));
    last.set(id, atMs);
  };
  for (const { atMs, path } of requests.toSorted((a, b) => a.atMs - b.atMs)) {
    const [, id = ''] = RECORDS.exec(path) ?? [];
    if (last.has(id) && atMs <= endMs) note(id, atMs);
  }
  for (const id of scopeIds) note(id, endMs);
  return [...longest].map(([scopeId, longestMs]) => ({ scopeId, longestMs })).sort((a, b) => b.longestMs - a.longestMs);
}
