/** Dashboards as plain readonly data, every field with its type. */

import type { Condition } from './definition.ts';

/** One file of `kibana/`. */
export interface DashboardDefinition {
  /** File name without `.yml`, e.g. `audit-overview`; the id of the saved object derives from it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Data streams that it shows, by name. */
  readonly streams: readonly string[];
  readonly controls: readonly ControlDefinition[];
  readonly panels: readonly PanelDefinition[];
}

/** A list of values to choose from, above the panels. */
export interface ControlDefinition {
  readonly title: string;
  readonly field: DashboardField;
}

/** A field as a panel uses it. */
export interface DashboardField {
  readonly name: string;
  /** Elasticsearch's field type. */
  readonly type: string;
  /** What numbers of it count, e.g. `byte` or `ms`; absent where nothing is known. */
  readonly unit?: string;
}

/** Share of the width of a row. */
export type PanelSize = 'small' | 'medium' | 'large' | 'full';

export type PanelDefinition = ChartDefinition | EventsDefinition | MarkdownDefinition;

interface PanelBase {
  readonly title: string;
  readonly size: PanelSize;
}

/** Every panel that asks one aggregation of Elasticsearch. */
export interface ChartDefinition extends PanelBase {
  readonly kind: 'metric' | 'time' | 'bar' | 'donut' | 'table' | 'heatmap';
  /** The question that the panel answers. */
  readonly question: string;
  /** How a `time` panel draws. */
  readonly style: 'bars' | 'lines' | 'areas' | 'shares';
  readonly measures: readonly MeasureDefinition[];
  /** Outermost first: the axis of a bar, the rows of a heat map, the columns of a table, the breakdown of a time series. */
  readonly buckets: readonly BucketDefinition[];
  /** Only events that it holds for. */
  readonly when?: Condition;
  /** Name of the dashboard that a click on a value opens, with that value as filter. */
  readonly opens?: string;
}

/** The latest events, one a row. */
export interface EventsDefinition extends PanelBase {
  readonly kind: 'events';
  readonly question: string;
  /** Names of the fields shown, after the time. */
  readonly columns: readonly string[];
  readonly when?: Condition;
}

/** Words, for what numbers do not say of themselves. */
export interface MarkdownDefinition extends PanelBase {
  readonly kind: 'markdown';
  readonly text: string;
}

/** A number of each bucket. */
export interface MeasureDefinition {
  /** `count` has no field; `last` is the newest value, also of a text. */
  readonly kind: 'count' | 'unique' | 'sum' | 'average' | 'min' | 'max' | 'median' | 'percentile' | 'last';
  readonly label: string;
  readonly field?: DashboardField;
  /** Of a `percentile`. */
  readonly percent?: number;
  readonly when?: Condition;
}

/** What events are put together by. */
export type BucketDefinition =
  | {
      readonly kind: 'values';
      readonly label: string;
      readonly field: DashboardField;
      /** How many of the top values. */
      readonly size: number;
      /** One more bucket for all others. */
      readonly rest: boolean;
      /** `value`: most first, by the first measure; `name`: in the order of the values. */
      readonly order: 'value' | 'name';
    }
  | { readonly kind: 'groups'; readonly label: string; readonly groups: readonly { readonly label: string; readonly when: Condition }[] };
