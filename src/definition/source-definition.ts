/** Where the events of a data stream come from, as plain readonly data. */

import type { MembersDefinition } from './members-definition.ts';

/** What one partition of a source belongs to: `account` and `zone` have an id, `user` is the credential's owner. */
export type Scope = 'account' | 'zone' | 'user';

/** One endpoint of Cloudflare that feeds a data stream. */
export interface SourceDefinition {
  readonly name: string;
  readonly scope: Scope;
  /** The permission group a token needs, as Cloudflare names it. */
  readonly permission: string;
  readonly request: {
    readonly method: 'GET';
    /** Path below the API's base address, with `{account_id}` or `{zone_id}`. */
    readonly path: string;
    /** Parameters that are the same in each request; `${fields}` is the list of names asked for. */
    readonly query: Readonly<Record<string, string>>;
  };
  readonly window: WindowDefinition;
  /** Absent where one answer holds the whole window. */
  readonly page?: PageDefinition;
  /** `ndjson`, or the key of the answer that holds the list of records. */
  readonly records: string;
  /** Record paths whose values make the document id; always requested. */
  readonly id: readonly string[];
  /** Record path of the event's time. */
  readonly time: string;
  /** Read only where the variables of these names have one of these values. */
  readonly when?: SourceChoice;
  /** The source whose place this one takes: without a checkpoint of its own, it begins at that one's. */
  readonly continues?: string;
  /** Persons whom a record may name by id alone. */
  readonly members?: MembersDefinition;
}

/** Names of variables of type `select`, and the values with which a source is read. */
export type SourceChoice = Readonly<Record<string, readonly string[]>>;

/** How a source is cut into windows; all durations in milliseconds. */
export interface WindowDefinition {
  /** Names of the query parameters for the start and the end. */
  readonly since: string;
  readonly before: string;
  /** Which bounds the endpoint includes; the collector filters to half-open windows only where times are exact. */
  readonly inclusive: 'since' | 'both' | 'none';
  /** Longest window. */
  readonly maxMs: number;
  /** How far back the endpoint answers; where a variable says it, with that one's default. */
  readonly retentionMs: number;
  /** The variable of type select that says how far back the endpoint answers, and what its options mean. */
  readonly retentionBy?: { readonly variable: string; readonly optionsMs: Readonly<Record<string, number>> };
  /** The endpoint holds nothing before this time, in epoch milliseconds. */
  readonly beginsMs?: number;
  /** How long after an event the endpoint is sure to know it. */
  readonly lagMs: number;
  /** How far each window reaches back behind the checkpoint; 0 where windows are immutable. */
  readonly overlapMs: number;
}

/** How one window's answer is cut into pages. */
export type PageDefinition = NumberedPages | CursorPages;

export interface NumberedPages {
  /** Name of the parameter that counts pages from 1. */
  readonly number: string;
  /** Parameters that carry the page size, and the size. */
  readonly size: Readonly<Record<string, number>>;
  /** The only sizes that the endpoint takes. @default any up to the declared one */
  readonly sizes?: readonly number[];
  /** `short`: a page with fewer records than its size is the last. */
  readonly stop: 'short';
}

/** Each answer names the next page; the last one names none. */
export interface CursorPages {
  /** Name of the parameter that carries the cursor. */
  readonly cursor: string;
  /** Paths in the answer where the next cursor may stand; the first that has a value wins. */
  readonly from: readonly string[];
  /** Parameters that carry the page size, and the size. */
  readonly size: Readonly<Record<string, number>>;
  /** The only sizes that the endpoint takes. @default any up to the declared one */
  readonly sizes?: readonly number[];
}
