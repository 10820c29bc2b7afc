import type { PackageIdentity } from './artefacts.ts';

/** Above templates for everything, as that of the data streams. */
const PRIORITY = 200;

/** Name of the index, and of its template, in which collectors share their state. */
export function toStateIndexName(packageName: string): string {
  return `${packageName}-state`;
}

/**
 * The index template of the shared state: small documents, found by `kind` and `key` and nothing else; on one shard, with a copy where there is a second
 * node. Hidden, so that no wildcard finds it.
 */
export function toStateTemplate({ name, version }: PackageIdentity): Readonly<Record<string, object>> {
  const keyword = { type: 'keyword' };
  const settings = { index: { hidden: true, number_of_shards: 1, auto_expand_replicas: '0-1' } };
  const mappings = { dynamic: false, properties: { kind: keyword, key: keyword } };
  const body = { index_patterns: [toStateIndexName(name)], priority: PRIORITY, template: { settings, mappings }, _meta: { package: { name, version } } };
  return { [toStateIndexName(name)]: body };
}
