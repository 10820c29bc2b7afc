import type { StreamDefinition } from '../definition/definition.ts';

/** Whose documents are meant. */
export interface StoredOf {
  readonly source: string;
  readonly scopeId: string;
}

/**
 * The query clauses that find the documents of one source and one account or zone: by the fields that the stream makes of what the collector says of itself.
 * Undefined where the documents of the stream do not tell.
 */
export function toStoredFilter({ sources, fields }: StreamDefinition, { source, scopeId }: StoredOf): readonly object[] | undefined {
  const fieldOf = (path: string): string | undefined => fields.find(({ origin }) => origin.kind === 'record' && origin.from.includes(`_conf.${path}`))?.name;
  const scope = sources.find(({ name }) => name === source)?.scope;
  const [sourceField, scopeField] = [fieldOf('source'), fieldOf(`${scope}_id`)];
  if (scopeField === undefined || (sourceField === undefined && sources.length > 1)) return undefined;
  return [{ term: { [scopeField]: scopeId } }, ...(sourceField === undefined ? [] : [{ term: { [sourceField]: source } }])];
}
