import type { CollectedRecord, Read } from '../../src/collect/ports.ts';

/** One event that Cloudflare knows. */
export interface SourceEvent {
  readonly id: string;
  readonly timeMs: number;
  /** When Cloudflare began to tell of it. @default its time */
  readonly knownMs?: number;
}

/** Answers windows from a list of events, in batches of two, as far as they are known now. */
export function createRead(events: readonly SourceEvent[], now: () => number): Read {
  return async function* (_partition, { since, before }, signal) {
    const found = events
      .filter(({ timeMs, knownMs = timeMs }) => timeMs >= since && timeMs < before && knownMs <= now())
      .map(({ id, timeMs }): CollectedRecord => ({ id, timeMs, raw: Buffer.from(`{"id":"${id}"}`) }));
    for (let at = 0; at < found.length; at += 2) {
      signal.throwIfAborted();
      yield found.slice(at, at + 2);
    }
  };
}
