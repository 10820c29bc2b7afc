/** A source of numbers that is the same for the same seed. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** 0 to below `limit`. */
  readonly below: (limit: number) => number;
  /** An element of a list that is not empty. */
  readonly pick: <T>(items: readonly T[]) => T;
}

/** Opens the sequence of a seed (mulberry32). */
export function openRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, chance: (probability) => next() < probability, pick: (items) => items[below(items.length)] as never };
}
