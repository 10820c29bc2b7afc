import type { Counts } from './ports.ts';

/** Adds two counts up, or takes the second off; undefined where nothing is left. */
export function addCounts(a: Counts = {}, b: Counts = {}, sign: 1 | -1 = 1): Counts | undefined {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const sums = names.map((name) => [name, (a[name] ?? 0) + sign * (b[name] ?? 0)] as const).filter(([, sum]) => sum !== 0);
  return sums.length === 0 ? undefined : Object.fromEntries(sums);
}
