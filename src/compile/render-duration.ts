const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
  [1, 'millisecond'],
];

/** A duration in words, in the largest unit that it is a whole number of: `545 days`, `167 hours`, `1 minute`, `none`. */
export function renderDuration(ms: number): string {
  if (ms === 0) return 'none';
  const [unit, name] = units.find(([length]) => ms % length === 0) ?? [1, 'millisecond'];
  const count = ms / unit;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
