import type { Dice } from '../../cloudflare/random.ts';

/** What a life is made of, as it is seen from outside. */
export const EVENTS = ['start', 'request', 'lookup', 'intent', 'bulk arrives', 'bulk is under way', 'bulk is answered', 'checkpoint'] as const;
export type LifeEvent = (typeof EVENTS)[number];

/** When a process is killed. */
export interface Moment {
  readonly event: LifeEvent;
  /** After how many of these. */
  readonly nth: number;
  /** And how much later, in milliseconds. */
  readonly afterMs: number;
}

interface Choice {
  readonly weight: number;
  readonly event: LifeEvent;
  readonly most: number;
  readonly mostAfterMs: number;
}

const CHOICES: readonly Choice[] = [
  { weight: 6, event: 'start', most: 1, mostAfterMs: 900 },
  { weight: 13, event: 'request', most: 8, mostAfterMs: 40 },
  { weight: 5, event: 'lookup', most: 2, mostAfterMs: 20 },
  { weight: 12, event: 'intent', most: 6, mostAfterMs: 12 },
  { weight: 8, event: 'bulk arrives', most: 5, mostAfterMs: 0 },
  { weight: 22, event: 'bulk is under way', most: 5, mostAfterMs: 25 },
  { weight: 20, event: 'bulk is answered', most: 5, mostAfterMs: 6 },
  { weight: 14, event: 'checkpoint', most: 6, mostAfterMs: 12 },
];

/** Draws the moment of a life's end. */
export function drawMoment(dice: Dice): Moment {
  const total = CHOICES.reduce((sum, { weight }) => sum + weight, 0);
  let drawn = dice.below(total);
  for (const { event, most, mostAfterMs, weight } of CHOICES) {
    if (drawn < weight) return { event, nth: 1 + dice.below(most), afterMs: dice.below(mostAfterMs * 10 + 1) / 10 };
    drawn -= weight;
  }
  throw new RangeError('nothing was drawn');
}

/** Calls back once, when the moment has come. */
export interface Trigger {
  readonly tell: (event: LifeEvent) => void;
  readonly stop: () => void;
}

/** Waits for a moment; one that does not come within `patienceMs` after the first request is now. */
export function openTrigger({ event, nth, afterMs }: Moment, patienceMs: number, fire: () => void): Trigger {
  let seen = 0;
  let timer: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  return {
    tell: (told) => {
      if (told === 'request') patience ??= setTimeout(fire, patienceMs);
      if (told !== event) return;
      seen += 1;
      if (seen !== nth) return;
      if (afterMs === 0) fire();
      else timer = setTimeout(fire, afterMs);
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(patience);
    },
  };
}
