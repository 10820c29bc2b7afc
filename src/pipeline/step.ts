import type { Condition, Conversion, Scalar, TextPhrase } from '../definition/definition.ts';
import type { GroupTable } from '../definition/field-origin.ts';

interface Tagged {
  /** Unique within a pipeline. */
  readonly tag: string;
}

/** Cuts the document's id from the record, source by source. */
export interface IdStep extends Tagged {
  readonly kind: 'id';
  /** Which of them a record came from says `_conf.source`; without it, the first. */
  readonly sources: readonly IdSource[];
}

/** How records of one source are identified. */
export interface IdSource {
  readonly name: string;
  /** Key of `_conf` that holds the account, zone or user. */
  readonly scope: string;
  /** Record path of the time; undefined where records have none. */
  readonly time: string | undefined;
  /** Record paths of the tuple. */
  readonly tuple: readonly string[];
}

/** Converts a value of the record into a field. */
export interface ConvertStep extends Tagged {
  readonly kind: 'convert';
  readonly field: string;
  readonly from: readonly string[];
  readonly to: Conversion;
  readonly absent: readonly Scalar[];
  readonly values: Readonly<Record<string, Scalar>>;
  /** Only a part of a text is converted. */
  readonly cut: { readonly side: 'before' | 'after'; readonly separator: string } | undefined;
  /** The converted value goes into the field as a list of one. */
  readonly wrap: boolean;
  readonly when: Condition | undefined;
}

/** Sets a field to the nanoseconds from one time of the record to another; not where one is missing or the end lies before the start. */
export interface DurationStep extends Tagged {
  readonly kind: 'duration';
  readonly field: string;
  readonly start: string;
  readonly end: string;
  readonly when: Condition | undefined;
}

/** Sets a field to the place at a latitude and a longitude of the record; not where one is missing or no number of degrees. */
export interface PointStep extends Tagged {
  readonly kind: 'point';
  readonly field: string;
  readonly lat: string;
  readonly lon: string;
  readonly when: Condition | undefined;
}

/** Sets a field to a text of parts, of each the first phrase whose fields all have a value. */
export interface TextStep extends Tagged {
  readonly kind: 'text';
  readonly field: string;
  readonly parts: readonly (readonly TextPhrase[])[];
  readonly when: Condition | undefined;
}

/** Sets a field to a constant. */
export interface SetStep extends Tagged {
  readonly kind: 'set';
  readonly field: string;
  readonly value: Scalar | readonly Scalar[];
  readonly when: Condition | undefined;
}

/** Collects the distinct values of other fields, as keywords in order, into a list. */
export interface CollectStep extends Tagged {
  readonly kind: 'collect';
  readonly field: string;
  readonly from: readonly string[];
  readonly when: Condition | undefined;
}

/** Sets a field to the group that a text of other fields belongs to; not where none of their texts stands in the table. */
export interface GroupStep extends Tagged {
  readonly kind: 'group';
  readonly field: string;
  readonly of: readonly string[];
  readonly groups: GroupTable;
  readonly when: Condition | undefined;
}

/** Sets a field to true where the text of another field stands, in whatever case, in a list that the sender knows. */
export interface ListedStep extends Tagged {
  readonly kind: 'listed';
  readonly field: string;
  readonly of: readonly string[];
  /** Key of `_conf`. */
  readonly in: string;
  readonly when: Condition | undefined;
}

/** Sets several fields where a condition holds. */
export interface RuleStep extends Tagged {
  readonly kind: 'rule';
  readonly name: string;
  readonly when: Condition;
  readonly set: Readonly<Record<string, Scalar | readonly Scalar[]>>;
}

/** Leaves the event out where a condition holds: nothing behind it is done. */
export interface DropStep extends Tagged {
  readonly kind: 'drop';
  /** Of the rule. */
  readonly name: string;
  readonly when: Condition;
  /** Key of `_conf` whose value, true or false, switches it on or off. */
  readonly variable: string;
  /** Whether it is on where that key has neither. */
  readonly byDefault: boolean;
}

/** Looks up fields below `field`: by a processor of Elasticsearch; at the edge only where it is handed the look-up. */
export interface EnrichStep extends Tagged {
  readonly kind: 'enrich';
  readonly field: string;
  readonly enrich: 'geo' | 'as' | 'user_agent';
  readonly from: string;
  readonly when: Condition | undefined;
}

/** A step that both backends take and that writes fields. */
export type MappingStep = ConvertStep | DurationStep | PointStep | TextStep | SetStep | CollectStep | GroupStep | ListedStep | RuleStep;

/** One thing that the mapping of a stream does; plain data, in the order in which it happens. */
export type Step = IdStep | MappingStep | DropStep | EnrichStep;
