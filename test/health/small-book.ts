import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import type { Outcomes, Partition } from '../../src/collect/ports.ts';
import { StatusBook, type StatusBookOptions } from '../../src/health/status-book.ts';
import { minute, plan, start } from '../collect/small-world.ts';

export const KEY = 'main/default/audit/v1/a';
export const { partition }: PlannedPartition = plan();

/** A time that a test sets. */
export interface TestClock {
  now: number;
}

export function other(scopeId: string, given: Partial<Partition> = {}): Partition {
  return { ...partition, scopeId, ...given };
}

export function count(given: Partial<Outcomes> = {}): Outcomes {
  return { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0, ...given };
}

/** A book at `start`, whose time is set by `clock.now`. */
export function openBook(given: Partial<StatusBookOptions> = {}): { readonly book: StatusBook; readonly clock: TestClock } {
  const clock = { now: start };
  const book = new StatusBook({
    now: () => clock.now,
    instance: 'host-1/42',
    lagMsOf: () => minute,
    budgetLeft: () => undefined,
    credentialExpiresMs: () => undefined,
    redact: (text) => text.replaceAll('top-secret', '[redacted]'),
    once: false,
    shared: false,
    ...given,
  });
  return { book, clock };
}
