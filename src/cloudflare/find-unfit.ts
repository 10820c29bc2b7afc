import { toLimits } from './budget.ts';
import type { RateLimit } from './budget-state.ts';

/** What collecting one account or zone of one source asks of the rate limits. */
export interface Load {
  readonly connection: string;
  readonly stream: string;
  /** Name of the rate budget, and the part of the user's requests that it takes. */
  readonly budget: string;
  readonly share: number;
  /** Present where Logpull is read. */
  readonly zoneId?: string;
  /** Time between two polls. Each asks for at least one answer, and one answer holds at most `windowMs`. */
  readonly intervalMs: number;
  readonly windowMs: number;
}

/** A stream whose interval is too short for a limit. */
export interface Unfit {
  readonly connection: string;
  readonly stream: string;
  readonly intervalMs: number;
  /** The shortest interval that fits, in whole seconds; undefined where none does. */
  readonly shortestMs: number | undefined;
  readonly limit: RateLimit;
  /** What the limit is about. */
  readonly of: 'user' | 'logpullUser' | 'logpullZone';
  /** How many requests the settings ask for at least within the limit's span. */
  readonly asked: number;
}

interface Group {
  readonly of: Unfit['of'];
  readonly limit: RateLimit;
  readonly loads: readonly Load[];
}

const SECOND_MS = 1_000;

/**
 * The streams that ask for more requests than the limits allow, each once, with the shortest interval that fits: if every stream of the same budget
 * that polls more often takes it too.
 */
export function findUnfit(loads: readonly Load[]): readonly Unfit[] {
  const found = new Map<string, Unfit>();
  for (const unfit of toGroups(loads).flatMap(findInGroup)) {
    const key = `${unfit.connection} ${unfit.stream}`;
    const other = found.get(key);
    if (other === undefined || (other.shortestMs ?? Number.POSITIVE_INFINITY) < (unfit.shortestMs ?? Number.POSITIVE_INFINITY)) found.set(key, unfit);
  }
  return [...found.values()];
}

function toGroups(loads: readonly Load[]): readonly Group[] {
  return groupBy(loads, ({ budget }) => budget).flatMap((mine) => {
    const limits = toLimits(Math.min(...mine.map(({ share }) => share)));
    const lines = mine.filter(({ zoneId }) => zoneId !== undefined);
    return [
      { of: 'user' as const, limit: limits.user, loads: mine },
      { of: 'logpullUser' as const, limit: limits.logpullUser, loads: lines },
      ...groupBy(lines, ({ zoneId }) => zoneId ?? '').map((zone) => ({ of: 'logpullZone' as const, limit: limits.logpullZone, loads: zone })),
    ];
  });
}

function groupBy(loads: readonly Load[], toKey: (load: Load) => string): readonly (readonly Load[])[] {
  const groups = new Map<string, Load[]>();
  for (const load of loads) groups.set(toKey(load), [...(groups.get(toKey(load)) ?? []), load]);
  return [...groups.values()];
}

function findInGroup({ of, limit, loads }: Group): readonly Unfit[] {
  const asked = countRequests(loads, limit, 0);
  if (asked <= limit.limit) return [];
  const shortestMs = findShortest(loads, limit);
  return loads
    .filter(({ intervalMs }) => shortestMs === undefined || intervalMs < shortestMs)
    .map(({ connection, stream, intervalMs }) => ({ connection, stream, intervalMs, shortestMs, limit, of, asked: Math.ceil(asked) }));
}

/** The least requests within the limit's span, if no interval is shorter than that. */
function countRequests(loads: readonly Load[], { spanMs }: RateLimit, shortestMs: number): number {
  const total = loads.reduce((sum, { intervalMs, windowMs }) => sum + spanMs / Math.min(Math.max(intervalMs, shortestMs), windowMs), 0);
  // Sums of fractions are a hair off.
  return Math.round(total * 1e6) / 1e6;
}

/** An interval longer than the longest window saves nothing. */
function findShortest(loads: readonly Load[], limit: RateLimit): number | undefined {
  let fits = Math.ceil(Math.max(...loads.map(({ windowMs }) => windowMs)) / SECOND_MS);
  if (countRequests(loads, limit, fits * SECOND_MS) > limit.limit) return undefined;
  for (let tooShort = 0; fits - tooShort > 1; ) {
    const middle = Math.floor((tooShort + fits) / 2);
    if (countRequests(loads, limit, middle * SECOND_MS) > limit.limit) tooShort = middle;
    else fits = middle;
  }
  return fits * SECOND_MS;
}
