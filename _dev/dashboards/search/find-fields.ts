/** Queries whose keys are names of fields. */
const BY_FIELD = ['match', 'match_phrase', 'range', 'term', 'terms', 'wildcard', 'sort'];

/** Every field that a search looks at, sorted; found in the search itself. */
export function findFields(search: unknown): readonly string[] {
  return [...new Set(walk(search))].toSorted();
}

function walk(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(walk);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => [...readNames(key, value), ...walk(value)]);
}

function readNames(key: string, value: unknown): readonly string[] {
  if (key === 'field' || key === 'fields') return [value].flat().filter((name) => typeof name === 'string');
  if (!BY_FIELD.includes(key)) return [];
  const queries = [value].flat().filter((query) => typeof query === 'object' && query !== null && !('field' in query));
  return queries.flatMap((query) => Object.keys(query as object));
}
