import type { EventEmitter } from 'node:events';
import { InterruptedError } from '../errors.ts';

/** A signal that SIGINT or SIGTERM aborts, with an InterruptedError as reason. A second SIGINT ends the process at once, as by default. */
export function interruptible(source: EventEmitter): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) {
    source.once(name, () => controller.abort(new InterruptedError(`stopped by ${name}`, { hint: 'Start it again: it goes on where it stopped.' })));
  }
  return controller.signal;
}

/** Calls `exit` that long after the signal fired, if the process has not ended by then; does not keep it alive. In milliseconds. */
export function endAtLatest(signal: AbortSignal, ms: number, exit: () => void): void {
  signal.addEventListener('abort', () => setTimeout(exit, ms).unref(), { once: true });
}
