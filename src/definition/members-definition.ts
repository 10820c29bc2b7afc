/** Who somebody is in an event; what is looked up goes below `_conf` under this name. */
export type MemberRole = 'actor' | 'target';

/** Persons whom a record may name by id alone, by who they are in it. */
export type MembersDefinition = Readonly<Partial<Record<MemberRole, MemberPlace>>>;

/** Where the id of a person stands in a record, and when the account's members list is asked for it. */
export interface MemberPlace {
  /** Record path of the id of a user or of a membership. */
  readonly id: string;
  /** Record paths that name the person already: none of them may have a value. */
  readonly unless: readonly string[];
  /** Record path of an id that must be another one. */
  readonly otherThan?: string;
  /** Record paths and values in lower case, one of which must stand there; empty for any record. */
  readonly when: Readonly<Record<string, readonly string[]>>;
}
