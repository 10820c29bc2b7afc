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
