import type { Timing } from '../../src/cloudflare/timing.ts';

/** Time that stands still while anybody works, and jumps to the next who sleeps when all do. */
export interface VirtualTime {
  readonly now: () => number;
  /** A clock that is wrong by so many milliseconds. */
  readonly timing: (offsetMs?: number) => Timing;
  /** Runs works side by side, until all have ended. */
  readonly run: (works: readonly (() => Promise<void>)[]) => Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Starts such a time; chance is the same in every run. */
export function createVirtualTime(start: number, onMove: (now: number) => void = () => {}): VirtualTime {
  const sleepers: Sleeper[] = [];
  let time = start;
  let working = 0;
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const move = (): void => {
    if (sleepers.length === 0 || sleepers.length < working) return;
    const [first] = sleepers.sort((a, b) => a.at - b.at).splice(0, 1);
    time = Math.max(time, first?.at ?? time);
    onMove(time);
    first?.wake();
  };
  const sleep: Timing['sleep'] = (ms, signal) => {
    signal.throwIfAborted();
    return new Promise<void>((wake) => {
      sleepers.push({ at: time + ms, wake });
      move();
    });
  };
  return {
    now: () => time,
    timing: (offsetMs = 0) => ({ now: () => time + offsetMs, random, sleep }),
    run: async (works) => {
      working = works.length;
      await Promise.all(
        works.map((work) =>
          work().finally(() => {
            working -= 1;
            move();
          }),
        ),
      );
    },
  };
}

/** The most times that lie in any span of that length; both in milliseconds. */
export function mostWithin(times: readonly number[], spanMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, time] of sorted.entries()) {
    while ((sorted[first] ?? time) <= time - spanMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
