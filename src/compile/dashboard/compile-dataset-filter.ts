import type { DashboardDefinition } from '../../definition/dashboard-definition.ts';

/** What dashboards read: Fleet makes this data view in every space, with the same id and title. */
export const DATA_VIEW = 'logs-*';

/** A reference of a saved object. */
export interface Reference {
  readonly id: string;
  readonly name: string;
  readonly type: 'index-pattern' | 'dashboard';
}

/** The reference to the data view under a name. */
export function toDataView(name: string): Reference {
  return { id: DATA_VIEW, name, type: 'index-pattern' };
}

/** The datasets of a dashboard's data streams, by which everything in it is filtered: the data view covers all packages. */
export function toDatasets({ streams }: Pick<DashboardDefinition, 'streams'>, packageName: string): readonly string[] {
  return streams.map((stream) => `${packageName}.${stream}`);
}

const FIELD = 'data_stream.dataset';

/**
 * Kibana's filter on the datasets.
 * @param place how the data view is named: a dashboard's filter says `indexRefName`, a panel's filter has the reference's name in `index`
 */
export function compileDatasetFilter(datasets: readonly string[], place: { readonly indexRefName: string } | { readonly index: string }): object {
  const [only, ...others] = datasets;
  const phrases = datasets.map((dataset) => ({ match_phrase: { [FIELD]: dataset } }));
  const meta = { alias: null, disabled: false, field: FIELD, key: FIELD, negate: false, ...place };
  const $state = { store: 'appState' };
  if (others.length === 0) return { $state, meta: { ...meta, params: { query: only }, type: 'phrase' }, query: phrases[0] };
  return { $state, meta: { ...meta, params: datasets, type: 'phrases' }, query: { bool: { minimum_should_match: 1, should: phrases } } };
}

/** The same in Kibana's query language. */
export function renderDatasets(datasets: readonly string[]): string {
  return datasets.length === 1 ? `${FIELD}: "${datasets[0]}"` : `${FIELD}: (${datasets.map((dataset) => `"${dataset}"`).join(' or ')})`;
}
