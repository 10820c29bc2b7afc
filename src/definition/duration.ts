const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `5m`, `1h30m` or `545d` (units ms, s, m, h, d); undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|[smhd]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhd])/g)) total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  return total;
}
