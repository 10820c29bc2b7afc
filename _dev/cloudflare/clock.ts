/** The time that the simulated API lives in. All its ages, delays and rate limits are measured on it. */
export interface SimulatedClock {
  /** Simulated time, milliseconds since the epoch. */
  readonly now: () => number;
  /** Simulated milliseconds per real millisecond; 0 is a clock that stands still. */
  readonly speed: () => number;
  readonly set: (ms: number) => void;
  readonly advance: (ms: number) => void;
  readonly setSpeed: (speed: number) => void;
}

export interface ClockOptions {
  /** First simulated time in milliseconds. @default the real time */
  readonly start?: number;
  /** @default 1 */
  readonly speed?: number;
  /** Where real time comes from. @default Date.now */
  readonly wall?: () => number;
}

/** A clock that can be set, moved and sped up while it runs; a change of speed never makes it jump. */
export function createClock({ start, speed = 1, wall = Date.now }: ClockOptions = {}): SimulatedClock {
  let rate = speed;
  let wallBase = wall();
  let base = start ?? wallBase;
  const now = (): number => Math.floor(base + (wall() - wallBase) * rate);
  const restart = (ms: number): void => {
    base = ms;
    wallBase = wall();
  };
  return {
    now,
    speed: () => rate,
    set: restart,
    advance: (ms) => restart(now() + ms),
    setSpeed: (next) => {
      restart(now());
      rate = next;
    },
  };
}
