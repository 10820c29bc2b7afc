import type { MemberPlace, MemberRole, MembersDefinition } from '../definition/members-definition.ts';
import { type CutValue, compilePaths, scanSpans, toScalar } from './cut-values.ts';
import type { Member } from './list-members.ts';
import type { FindMembers } from './member-directory.ts';
import type { CollectedRecord } from './to-record.ts';

/** Somebody whom a record names by id alone. */
export interface Person {
  readonly role: MemberRole;
  readonly id: string;
}

/** Whose names are looked up, and where. */
export interface NamingOptions {
  readonly members: MembersDefinition;
  readonly accountId: string;
  readonly find: FindMembers;
  readonly warn: (message: string) => void;
}

/** Ids of users and memberships; what else acts has others, such as 1 for the system. */
const MEMBER_ID = /^[0-9a-f]{32}$/i;

/** Hands the records on as they are; those that name a member by id alone go with what the account's members list knows of it, for `_conf`. */
export async function* nameMembers(
  batches: AsyncIterable<readonly CollectedRecord[]>,
  { members, accountId, find, warn }: NamingOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly CollectedRecord[]> {
  const findPersons = openFindPersons(members, accountId);
  for await (const batch of batches) {
    const persons = batch.map(({ raw }) => findPersons(raw));
    const ids = [...new Set(persons.flatMap((some) => some.map(({ id }) => id)))];
    if (ids.length === 0) {
      yield batch;
      continue;
    }
    const { members: known, warning } = await find(accountId, ids, signal);
    if (warning !== undefined) warn(warning);
    yield batch.map((record, index) => withNames(record, persons[index] ?? [], known));
  }
}

/** No literal, for the reason that `Cut` has. */
class NamedRecord implements CollectedRecord {
  readonly id: string;
  readonly timeMs: number | undefined;
  readonly raw: Buffer;
  readonly conf: Readonly<Record<string, unknown>>;

  constructor({ id, timeMs, raw }: CollectedRecord, conf: NamedRecord['conf']) {
    this.id = id;
    this.timeMs = timeMs;
    this.raw = raw;
    this.conf = conf;
  }
}

function withNames(record: CollectedRecord, persons: readonly Person[], known: ReadonlyMap<string, Member>): CollectedRecord {
  const conf = Object.fromEntries(persons.flatMap(({ role, id }) => (known.has(id) ? [[role, known.get(id)]] : [])));
  return Object.keys(conf).length === 0 ? record : new NamedRecord(record, conf);
}

/** Prepares finding the persons whom records of a source name by id alone; the account itself is none. */
export function openFindPersons(members: MembersDefinition, accountId: string): (raw: Buffer) => readonly Person[] {
  const places = Object.entries(members) as readonly (readonly [MemberRole, MemberPlace])[];
  const paths = [...new Set(places.flatMap(([, place]) => listPaths(place)))];
  const tree = compilePaths(paths);
  const spans = new Int32Array(2 * paths.length);
  return (raw) => {
    if (!scanSpans({ bytes: raw, end: raw.length, spans }, 0, tree)) return [];
    const read = (path: string): CutValue => {
      const slot = paths.indexOf(path);
      return toScalar(raw, spans[2 * slot] as number, spans[2 * slot + 1] as number);
    };
    return places.flatMap(([role, place]) => {
      const id = read(place.id);
      return typeof id === 'string' && MEMBER_ID.test(id) && id !== accountId && isWanted(place, id, read) ? [{ role, id }] : [];
    });
  };
}

function listPaths({ id, unless, otherThan, when }: MemberPlace): readonly string[] {
  return [id, ...unless, ...(otherThan === undefined ? [] : [otherThan]), ...Object.keys(when)];
}

function isWanted({ unless, otherThan, when }: MemberPlace, id: string, read: (path: string) => CutValue): boolean {
  const isNamed = unless.some((path) => (read(path) ?? '') !== '');
  const isOther = otherThan === undefined || read(otherThan) !== id;
  const fits = Object.entries(when).map(([path, values]) => values.includes(String(read(path) ?? '').toLowerCase()));
  return !isNamed && isOther && (fits.length === 0 || fits.includes(true));
}
