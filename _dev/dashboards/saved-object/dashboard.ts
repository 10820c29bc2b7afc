import type { StoredColumn } from './stored.ts';

/** A query of Elasticsearch's search API. */
export type ElasticsearchQuery = Readonly<Record<string, unknown>>;

/** What narrows a search down. */
export interface Restriction {
  readonly filters: readonly ElasticsearchQuery[];
  /** In Kibana's query language; may be empty. */
  readonly kql: string;
}

/** Where a panel stands on the dashboard's 48 columns. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface PanelFrame {
  readonly id: string;
  readonly title: string;
  readonly hidesTitle: boolean;
  /** What it answers; may be empty. */
  readonly description: string;
  readonly place: PanelPlace;
}

/** What one layer of a Lens panel asks. */
export interface Layer {
  readonly id: string;
  /** Index pattern of its data view. */
  readonly index: string;
  readonly columnOrder: readonly string[];
  readonly columns: Readonly<Record<string, StoredColumn>>;
  readonly ignoresDashboard: boolean;
}

/** A Lens panel. */
export interface LensPanel extends PanelFrame, Restriction {
  readonly kind: 'lens';
  /** E.g. `lnsXY`. */
  readonly chart: string;
  readonly visualization: Readonly<Record<string, unknown>>;
  readonly layers: readonly Layer[];
}

/** A panel that lists documents. */
export interface SearchPanel extends PanelFrame, Restriction {
  readonly kind: 'search';
  readonly index: string;
  /** Fields to show. */
  readonly columns: readonly string[];
  readonly sort: readonly (readonly [field: string, direction: string])[];
}

/** A panel with links. */
export interface LinksPanel extends PanelFrame {
  readonly kind: 'links';
  /** `dashboard` is the id of one, `url` an address outside. */
  readonly links: readonly { readonly label: string; readonly dashboard?: string; readonly url?: string }[];
}

/** A panel with text. */
export interface MarkdownPanel extends PanelFrame {
  readonly kind: 'markdown';
  readonly markdown: string;
}

/** One panel. */
export type Panel = LensPanel | SearchPanel | LinksPanel | MarkdownPanel;

/** A control: a choice among the values of a field. */
export interface Control {
  readonly id: string;
  readonly title: string;
  readonly field: string;
  readonly index: string;
}

/** A dashboard as Kibana understands it, with every reference followed. */
export interface Dashboard extends Restriction {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly controls: readonly Control[];
  readonly panels: readonly Panel[];
}
