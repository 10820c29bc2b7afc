import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/elasticsearch/back-off.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes when it is told to, the same for everybody who sleeps. */
export class VirtualTime {
  now = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** The clock of a process; while it is frozen nobody of it wakes up, and what it slept through has passed when it wakes. */
  clock(frozen: { value: boolean } = { value: false }): Clock {
    return { now: () => this.now, random: () => 0.5, sleep: (ms, signal) => this.#sleep(ms, signal, frozen) };
  }

  /** Lets time pass, step by step, so that everybody who wakes up gets done what it does. */
  async pass(ms: number, step = 250): Promise<void> {
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + step);
      for (const sleeper of this.#sleepers) if (sleeper.at <= this.now) sleeper.wake();
      for (let turn = 0; turn < 8; turn += 1) await setImmediate();
    }
  }

  #sleep(ms: number, signal: AbortSignal, frozen: { value: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (end: () => void): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', stop);
        end();
      };
      const stop = (): void => leave(() => reject(signal.reason));
      const sleeper: Sleeper = {
        at: this.now + ms,
        wake: () => {
          if (!frozen.value) leave(resolve);
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
  }
}
