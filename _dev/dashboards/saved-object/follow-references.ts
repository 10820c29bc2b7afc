import { DashboardFault } from '../dashboard-fault.ts';
import type { ElasticsearchQuery } from './dashboard.ts';
import type { StoredFilter, StoredReference } from './stored.ts';

/** Gives the id behind the name of a reference. */
export type Follow = (type: string, name: string) => string;

/**
 * Follows names in a list of references.
 * @throws DashboardFault for a name that is not among them, or leads to another type
 */
export function createFollow(references: readonly StoredReference[], where: string): Follow {
  return (type, name) => {
    const found = references.find((reference) => reference.name === name);
    if (found === undefined) throw new DashboardFault(`${where}: no reference is named ${name}`);
    if (found.type !== type) throw new DashboardFault(`${where}: the reference ${name} leads to a ${found.type}, not to a ${type}`);
    return found.id;
  };
}

/**
 * Follows the names that a panel knows: Kibana keeps a reference only where the panel has it, and the dashboard under the panel's id as well.
 * @throws DashboardFault where one of the two is missing, or they differ
 */
export function createPanelFollow(
  own: readonly StoredReference[],
  options: { readonly ofDashboard: Follow; readonly panel: string; readonly where: string },
): Follow {
  const followOwn = createFollow(own, options.where);
  return (type, name) => {
    const [inside, outside] = [followOwn(type, name), options.ofDashboard(type, `${options.panel}:${name}`)];
    if (inside !== outside) throw new DashboardFault(`${options.where}: the reference ${name} leads to ${inside}, and the dashboard's to ${outside}`);
    return inside;
  };
}

/**
 * The queries of filters that are on. A dashboard names a filter's data view in `indexRefName`, a panel in `index`.
 * @throws DashboardFault for a filter without query or without data view
 */
export function toFilterQueries(filters: readonly StoredFilter[], follow: Follow, where: string): readonly ElasticsearchQuery[] {
  return filters.flatMap(({ meta, query }) => {
    const name = meta.indexRefName ?? meta.index;
    if (name === undefined) throw new DashboardFault(`${where}: a filter names no data view`);
    follow('index-pattern', name);
    if (query === undefined) throw new DashboardFault(`${where}: a filter has no query`);
    if (meta.disabled) return [];
    return [meta.negate ? { bool: { must_not: [query] } } : query];
  });
}
