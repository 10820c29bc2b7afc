/** The parts of Kibana's saved objects that are read here, spelled as Kibana stores them. */

/** A link to another saved object; only `name` leads to it. */
export interface StoredReference {
  readonly name: string;
  readonly type: string;
  readonly id: string;
}

/** A query that a person typed. */
export interface StoredQuery {
  readonly language: string;
  readonly query: string;
}

/** A filter pill. */
export interface StoredFilter {
  readonly meta: { readonly disabled?: boolean; readonly negate?: boolean; readonly index?: string; readonly indexRefName?: string };
  readonly query?: Readonly<Record<string, unknown>>;
}

/** How a number is shown. */
export interface StoredFormat {
  readonly id: string;
  readonly params?: { readonly decimals?: number; readonly fromUnit?: string; readonly toUnit?: string };
}

/** One column of a Lens layer: a bucket or a metric. */
export interface StoredColumn {
  readonly operationType: string;
  readonly label: string;
  readonly dataType: string;
  readonly isBucketed: boolean;
  readonly sourceField?: string;
  readonly filter?: StoredQuery;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

/** A Lens layer over a data view. */
export interface StoredLayer {
  readonly columnOrder: readonly string[];
  readonly columns: Readonly<Record<string, StoredColumn>>;
  readonly ignoreGlobalFilters?: boolean;
}

/** A Lens panel's `attributes`, by value. */
export interface StoredLens {
  readonly references: readonly StoredReference[];
  readonly state: {
    readonly datasourceStates: { readonly formBased?: { readonly layers: Readonly<Record<string, StoredLayer>> } };
    readonly filters: readonly StoredFilter[];
    readonly query: StoredQuery;
    readonly visualization: Readonly<Record<string, unknown>>;
  };
  readonly visualizationType: string;
}

/** A saved search's `attributes`, by value; `searchSourceJSON` is a text of JSON. */
export interface StoredSearch {
  readonly columns: readonly string[];
  readonly sort: readonly (readonly [field: string, direction: string])[];
  readonly references: readonly StoredReference[];
  readonly kibanaSavedObjectMeta: { readonly searchSourceJSON: string };
}

/** What `searchSourceJSON` holds; only a saved search names its data view. */
export interface StoredSearchSource {
  readonly filter: readonly StoredFilter[];
  readonly query: StoredQuery;
  readonly indexRefName?: string;
}

/** One link of a links panel. */
export interface StoredLink {
  readonly type: string;
  readonly label?: string;
  readonly order: number;
  readonly destinationRefName?: string;
  readonly destination?: string;
}

/** One panel of `panelsJSON`. */
export interface StoredPanel {
  readonly type: string;
  readonly title?: string;
  readonly panelIndex: string;
  readonly gridData: { readonly x: number; readonly y: number; readonly w: number; readonly h: number; readonly i: string };
  readonly embeddableConfig: {
    readonly attributes?: unknown;
    readonly savedVis?: { readonly type: string; readonly params: { readonly markdown?: string } };
    readonly hidePanelTitles?: boolean;
    readonly description?: string;
  };
}

/** A control above the panels. */
export interface StoredControl {
  readonly type: string;
  readonly order: number;
  readonly explicitInput: { readonly id: string; readonly fieldName: string; readonly title?: string; readonly dataViewId?: string };
}

/** A dashboard's file in a built package: the parts named JSON are texts of JSON. */
export interface StoredDashboard {
  readonly id: string;
  readonly type: string;
  readonly attributes: {
    readonly title: string;
    readonly description?: string;
    readonly panelsJSON: string;
    readonly kibanaSavedObjectMeta: { readonly searchSourceJSON: string };
    readonly controlGroupInput?: { readonly panelsJSON: string };
  };
  readonly references: readonly StoredReference[];
}
