import { StateError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Version of the form in which every store keeps the state. */
export const STATE_VERSION = 1;

/** @throws StateError for a state that a newer program wrote; `where` names it */
export function checkStateVersion(version: unknown, where: string): void {
  if (version === STATE_VERSION) return;
  throw new StateError(`${where} is of version ${version}, and this program knows version ${STATE_VERSION}`, {
    hint: 'Use the newer program that wrote it, or set state.path to another folder.',
  });
}

/** Whether plain data that came from outside has the form of a checkpoint. */
export function isCheckpoint(given: unknown): given is Checkpoint {
  const { until, remembered, intent, floor, maxWindowMs } = (given ?? {}) as Partial<Checkpoint>;
  const numbers = [until, floor ?? 0, maxWindowMs ?? 0, intent?.window?.since ?? 0, intent?.window?.before ?? 0];
  const intentIsWhole = intent === undefined || intent.window !== undefined;
  return numbers.every(Number.isFinite) && intentIsWhole && Array.isArray(remembered) && remembered.every((entry) => typeof entry === 'string');
}
