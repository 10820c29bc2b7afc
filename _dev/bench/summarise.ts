import type { Contestant, Rounds } from './measure.ts';

/** Median with the marks of a quarter and of three quarters. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What a pipeline costs per event. */
export interface Summary {
  readonly label: string;
  readonly ingestUs: Spread;
  /** Ingest clock as multiple of the yardstick's in the same round. */
  readonly ratio: Spread;
  /** CPU of the node's process less that of the same bulk without a pipeline; absent where CPU was not measured. */
  readonly cpuUs?: Spread;
  /** That CPU as multiple of the yardstick's median: one round's CPU of so cheap a pipeline is mostly noise. */
  readonly cpuRatio?: Spread;
}

/** Summarises rounds against the yardstick, and CPU against the contestant without a pipeline. */
export function summarise(
  { clock, cpu }: { readonly clock: Rounds; readonly cpu: Rounds | undefined },
  { yardstick, none }: { readonly yardstick: Contestant; readonly none: Contestant },
): readonly Summary[] {
  const unit = clock.get(yardstick) ?? [];
  const idle = cpu?.get(none) ?? [];
  const cpuOf = (contestant: Contestant): readonly number[] => (cpu?.get(contestant) ?? []).map((us, round) => us - (idle[round] ?? Number.NaN));
  const unitCpu = toSpread(cpuOf(yardstick)).median;
  return [...clock].map(([contestant, costs]) => {
    const cpuUs = cpuOf(contestant);
    return {
      label: contestant.label,
      ingestUs: toSpread(costs),
      ratio: toSpread(costs.map((us, round) => us / (unit[round] ?? Number.NaN))),
      ...(cpu && { cpuUs: toSpread(cpuUs), cpuRatio: toSpread(cpuUs.map((us) => us / unitCpu)) }),
    };
  });
}

/** Median and quartiles; NaN for no values. */
export function toSpread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? Number.NaN) - below);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
