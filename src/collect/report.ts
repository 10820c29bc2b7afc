import type { LeaseLostError } from '../errors.ts';
import type { Outcomes, Partition, Window } from './ports.ts';

/** Told what happens, as it happens. */
export interface Report {
  /** `lastEventMs` is the time of the newest event read, in epoch milliseconds, where any has one. */
  window(partition: Partition, window: Window, outcomes: Outcomes, lastEventMs?: number): void;
  gap(partition: Partition, lost: Window, reason: string): void;
  /** An error after which the same window, or a shorter one, is tried again. */
  again(partition: Partition, error: unknown, afterMs: number): void;
  /** The partition can do nothing until somebody acts, or until its next round. */
  stopped(partition: Partition, error: unknown, kind: 'paused' | 'failed', untilMs: number): void;
  /** The first window begins later than the initial interval asks for, since Cloudflare is known to keep no more: no gap, nothing was promised. */
  shortened?(partition: Partition, sinceMs: number): void;
  /** Another collector has taken the partition over; what was under way for it is given up. */
  lost?(partition: Partition, error: LeaseLostError): void;
  /** The partition is not planned any more, and nothing of it is under way. */
  ended?(partition: Partition): void;
}
