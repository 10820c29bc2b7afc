import type { Report } from './report.ts';

/** The list of a file. */
export interface EntryFile<Entry> {
  readonly entries: readonly Entry[];
  /** Of the file; paths begin with the place in its list. */
  readonly report: Report;
}

interface Placed<Entry> {
  readonly entry: Entry;
  readonly index: number;
  readonly report: Report;
}

/**
 * One list of two files: an entry of the second replaces that of the same name in the first, in its place, or stands behind all of them. Faults of the
 * joined list are reported where the entry is written; those of the list as a whole in the first file.
 */
export function joinEntries<Entry extends { readonly name: string }>(first: EntryFile<Entry>, second: EntryFile<Entry>): EntryFile<Entry> {
  const given = toPlaced(second);
  const used = new Set<Placed<Entry>>();
  const kept = toPlaced(first).map((place) => {
    const other = given.find(({ entry }) => entry.name === place.entry.name);
    if (other === undefined) return place;
    used.add(other);
    return other;
  });
  const joined = [...kept, ...given.filter((place) => !used.has(place))];
  return { entries: joined.map(({ entry }) => entry), report: toJoinedReport(joined, first.report) };
}

function toPlaced<Entry>({ entries, report }: EntryFile<Entry>): readonly Placed<Entry>[] {
  return entries.map((entry, index) => ({ entry, index, report }));
}

function toJoinedReport(joined: readonly Placed<unknown>[], otherwise: Report): Report {
  return (path, message, hint) => {
    const [, index, rest = ''] = /^\[(\d+)\](.*)$/s.exec(path) ?? [];
    const place = index === undefined ? undefined : joined[Number(index)];
    if (place === undefined) otherwise(path, message, hint);
    else place.report(`[${place.index}]${rest}`, message, hint);
  };
}
