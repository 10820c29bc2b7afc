/** Remembered ids as a checkpoint holds them: each behind the time of its event, sorted; about 50 bytes an id. */
export function toRemembered(times: ReadonlyMap<string, number>): readonly string[] {
  return [...times].map(([id, timeMs]) => `${timeMs} ${id}`).sort();
}

/** The remembered ids and the times of their events, in epoch milliseconds. */
export function readRemembered(remembered: readonly string[]): ReadonlyMap<string, number> {
  return new Map(remembered.map(split));
}

/** What is still remembered when nothing before that time is read again. */
export function keepRemembered(remembered: readonly string[], fromMs: number): readonly string[] {
  return remembered.filter((entry) => split(entry)[1] >= fromMs);
}

function split(entry: string): readonly [id: string, timeMs: number] {
  const space = entry.indexOf(' ');
  return [entry.slice(space + 1), Number(entry.slice(0, space))];
}
