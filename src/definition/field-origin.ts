import type { Conversion, Scalar } from './definition.ts';

/** Where a field's value comes from. */
export type FieldOrigin =
  | {
      readonly kind: 'record';
      /** Paths in the record, the first that has a value wins; a path that begins with `_conf.` reads what the sender knows. */
      readonly from: readonly string[];
      readonly to: Conversion;
      /** Values that mean "no value", beside null, the empty string, the empty list and the empty object. */
      readonly absent: readonly Scalar[];
      /** Values that are replaced, e.g. true by success; a value that is not among them stays. */
      readonly values: Readonly<Record<string, Scalar>>;
      /**
       * Only a part of a text, taken after `absent` and `values`, before the conversion: what stands before the first separator (all, where there is none),
       * or after it (no value, where there is none). An empty part is no value. What is not text stays whole.
       */
      readonly cut?: { readonly side: 'before' | 'after'; readonly separator: string };
    }
  /** Nanoseconds from one time of the record to another; no value where one of them is missing or no time, or the end lies before the start. */
  | { readonly kind: 'duration'; readonly start: string; readonly end: string }
  /** A place from its latitude and longitude in the record; no value where one of them is missing or no number of degrees. */
  | { readonly kind: 'point'; readonly lat: string; readonly lon: string }
  | { readonly kind: 'value'; readonly value: Scalar | readonly Scalar[] }
  /** A text of parts; of each part the first phrase whose fields all have a value, or nothing. */
  | { readonly kind: 'text'; readonly parts: readonly (readonly TextPhrase[])[] }
  /** All distinct values of these fields of the document, as a list. */
  | { readonly kind: 'collect'; readonly collect: readonly string[] }
  /** The group that a text of these fields belongs to; the first field decides that has one of the table's texts. */
  | { readonly kind: 'group'; readonly of: readonly string[]; readonly groups: GroupTable }
  /** True where the value of one of these fields stands in the list that the sender's variable of this name holds. */
  | { readonly kind: 'listed'; readonly of: readonly string[]; readonly in: string }
  /** Looked up by Elasticsearch: places and networks of an address, parts of a user agent. */
  | { readonly kind: 'enrich'; readonly enrich: 'geo' | 'as' | 'user_agent'; readonly from: string }
  /** Set by a rule, by the collector, or by Elastic Agent. */
  | { readonly kind: 'elsewhere' };

/**
 * Groups with the texts that belong to them, each to one group. A value that stands here whole belongs to that group; else its words decide, runs of ASCII
 * letters and digits, and of several groups the one declared first.
 */
export type GroupTable = Readonly<Record<string, readonly string[]>>;

/** Literal texts and names of fields of the document, in order. */
export type TextPhrase = readonly ({ readonly literal: string } | { readonly field: string })[];
