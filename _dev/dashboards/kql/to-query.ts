import type { ElasticsearchQuery } from '../saved-object/dashboard.ts';
import type { Kql, KqlValue } from './kql.ts';
import { parseKql } from './parse-kql.ts';

/**
 * The search that Kibana would make of a query in its query language; of an empty one, none.
 * @throws DashboardFault for a query that is not understood
 */
export function toQueries(kql: string): readonly ElasticsearchQuery[] {
  const parsed = parseKql(kql);
  return parsed === undefined ? [] : [toQuery(parsed)];
}

function toQuery(kql: Kql): ElasticsearchQuery {
  switch (kql.kind) {
    case 'and':
      return { bool: { filter: kql.of.map(toQuery) } };
    case 'or':
      return { bool: { should: kql.of.map(toQuery), minimum_should_match: 1 } };
    case 'not':
      return { bool: { must_not: [toQuery(kql.of)] } };
    case 'range':
      return { range: { [kql.field]: { [kql.operator]: kql.value.text } } };
    case 'is':
      return toMatch(kql.field, kql.value);
  }
}

function toMatch(field: string, { text, quoted, pieces }: KqlValue): ElasticsearchQuery {
  if (pieces.length > 1 && pieces.every((piece) => piece === '')) return { exists: { field } };
  if (pieces.length > 1) return { wildcard: { [field]: { value: pieces.map(escapeWildcards).join('*') } } };
  return quoted ? { match_phrase: { [field]: text } } : { match: { [field]: text } };
}

function escapeWildcards(text: string): string {
  return text.replaceAll(/[\\*?]/gu, '\\$&');
}
