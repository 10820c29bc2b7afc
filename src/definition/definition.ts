/** The declarations as plain readonly data: what `readDefinition` returns and everything else is compiled from. */

import type { ChangelogEntry } from './changelog-entry.ts';
import type { DashboardDefinition } from './dashboard-definition.ts';
import type { FieldOrigin } from './field-origin.ts';
import type { RuleDefinition } from './rule-definition.ts';
import type { SourceDefinition } from './source-definition.ts';

export type { FieldOrigin, TextPhrase } from './field-origin.ts';
export type { RuleDefinition } from './rule-definition.ts';
export type { CursorPages, NumberedPages, PageDefinition, Scope, SourceChoice, SourceDefinition, WindowDefinition } from './source-definition.ts';

/** The whole package. */
export interface PackageDefinition {
  /** Name of the package and prefix of its datasets, e.g. `cloudflare_api`. */
  readonly name: string;
  readonly title: string;
  /** Semantic version; the same as the npm package's. */
  readonly version: string;
  readonly description: string;
  readonly formatVersion: string;
  readonly categories: readonly string[];
  /** Kibana versions it installs on, as semver range. */
  readonly kibanaVersion: string;
  readonly owner: { readonly github: string; readonly type: 'elastic' | 'partner' | 'community' };
  /** Where the sources live; changelog links derive from it. */
  readonly repository: string;
  readonly policyTemplate: { readonly name: string; readonly title: string; readonly description: string };
  /** What a connection is configured with, shared by all streams. */
  readonly variables: readonly Variable[];
  readonly changelog: readonly ChangelogEntry[];
  readonly streams: readonly StreamDefinition[];
  /** In the order of the links between them. */
  readonly dashboards: readonly DashboardDefinition[];
}

/** How a variable's value is written: `duration` is `5m`, `24h`; `id` is 32 hexadecimal digits; `ssl` is a block of options. */
export type VariableType = 'text' | 'secret' | 'url' | 'duration' | 'bool' | 'integer' | 'id' | 'select' | 'ssl' | 'yaml' | 'fields';

/** What a user may set, declared once for the form, the agent template, the settings schema and the docs. */
export interface Variable {
  /** The same in the form and in the settings. */
  readonly name: string;
  readonly type: VariableType;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** Takes a list of values. */
  readonly multi: boolean;
  /** Shown at once, not under the advanced options. */
  readonly showUser: boolean;
  /** Only for the Elastic Agent (`agent`), only for the collector (`collector`), or for both. */
  readonly for: 'both' | 'agent' | 'collector';
  readonly default?: VariableValue;
  /** The values of a `select`. */
  readonly options?: readonly string[];
  /** The collector takes the word `all` in place of ids, and asks Cloudflare for them. */
  readonly all?: true;
}

export type VariableValue = string | number | boolean | readonly string[];

/** One data stream: everything in `data_stream/NAME/`. */
export interface StreamDefinition {
  /** Folder name, e.g. `audit`; the dataset is `PACKAGE.NAME`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether the form begins with it switched on. @default true */
  readonly enabled?: boolean;
  /** The data stream whose fields and rules this one takes. */
  readonly sameRecordAs?: string;
  /** Where events come from; empty for a stream that the collector itself writes. */
  readonly sources: readonly SourceDefinition[];
  readonly variables: readonly Variable[];
  /** Named choices for the variable `fields`; they only ever grow. */
  readonly presets: Readonly<Record<string, readonly string[]>>;
  readonly fields: readonly FieldDefinition[];
  readonly rules: readonly RuleDefinition[];
  /** Which events are left out; the first that holds counts. */
  readonly drops: readonly DropDefinition[];
}

/** Scalar of a declaration. */
export type Scalar = string | number | boolean;

/** How a value of the record becomes a value of the document; the meaning of each is the table in `src/pipeline/conversion.ts`. */
export type Conversion =
  | 'keyword'
  | 'keywords'
  | 'last'
  | 'lowercase'
  | 'uppercase'
  | 'host'
  | 'extension'
  | 'long'
  | 'longs'
  | 'port'
  | 'double'
  | 'boolean'
  | 'date'
  | 'http_date'
  | 'ip'
  | 'object'
  | 'scalar'
  | 'scalars'
  | 'json';

/** One field of the documents. */
export interface FieldDefinition {
  readonly name: string;
  /** Elasticsearch's field type; taken from ECS for ECS fields. */
  readonly type: string;
  readonly description: string;
  readonly ecs: boolean;
  /** ECS demands a list: a single value is written as list of one. */
  readonly array: boolean;
  readonly origin: FieldOrigin;
  readonly when?: Condition;
  /** Further mapping parameters as Elasticsearch names them, e.g. `ignore_above`, `index`, `doc_values`, `multi_fields`. */
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Allowed values and the event types expected with each, where ECS has them. */
  readonly allowedValues?: readonly { readonly name: string; readonly expectedEventTypes?: readonly string[] }[];
}

/** Conditions are data and compile to null-safe Painless and to a closure. Fields are those of the document. */
export type Condition =
  | { readonly kind: 'exists'; readonly field: string }
  | { readonly kind: 'equals'; readonly field: string; readonly value: Scalar }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Scalar[] }
  | { readonly kind: 'matches'; readonly field: string; readonly pattern: string }
  /** A text of at most 1000 characters one of whose words, runs of ASCII letters and digits, is one of these. */
  | { readonly kind: 'words'; readonly field: string; readonly words: readonly string[] }
  /** A number that is not below `atLeast` and below `below`; one of them may be absent. */
  | { readonly kind: 'range'; readonly field: string; readonly atLeast?: number; readonly below?: number }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'or'; readonly conditions: readonly Condition[] };

/** Leaves out the events for which a condition holds. That is decided before rules run, so the condition names fields that are made from the record. */
export interface DropDefinition {
  readonly name: string;
  /** What is left out, as the docs say it. */
  readonly description: string;
  readonly when: Condition;
  /** Name of the variable of type bool that switches it on and off. */
  readonly variable: string;
  /** Default of that variable. */
  readonly byDefault: boolean;
}
