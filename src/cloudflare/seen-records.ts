import type { CollectedRecord } from './to-record.ts';

/** Ids of records already given, each with the second of its event in epoch milliseconds; -1 where it has none. */
export type Seen = ReadonlyMap<string, number>;

/** One second in milliseconds: the finest bound of a query for pages. */
export const SECOND = 1000;

/** What has been seen, and these records. */
export function addSeen(seen: Seen, records: readonly CollectedRecord[]): Seen {
  return new Map([...seen, ...records.map((record) => [record.id, secondOf(record)] as const)]);
}

/** What of the records seen a query from `sinceMs` on may give again. */
export function keepFrom(seen: Seen, sinceMs: number): Seen {
  return new Map([...seen].filter(([, second]) => second >= sinceMs || second < 0));
}

/** The seconds of the records that have a time, in their order. */
export function secondsOf(records: readonly CollectedRecord[]): readonly number[] {
  return records.map(secondOf).filter((second) => second >= 0);
}

/** Whether the seconds ascend. */
export function isSorted(seconds: readonly number[]): boolean {
  return seconds.every((second, index) => index === 0 || second >= (seconds[index - 1] as number));
}

function secondOf({ timeMs }: CollectedRecord): number {
  return timeMs === undefined ? -1 : Math.floor(timeMs / SECOND) * SECOND;
}
