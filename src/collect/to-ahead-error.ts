import { StateError } from '../errors.ts';

/** The error for a checkpoint that lies in the future: the clock is, or was, wrong. */
export function toAheadError(byMs: number): StateError {
  return new StateError(`the checkpoint lies ${Math.round(byMs / 60_000)} minutes in the future`, {
    hint: 'Set the clock of this machine right. If it is right now, it was wrong when the checkpoint was saved: remove the checkpoint, and collecting begins anew, with initial_interval.',
  });
}
