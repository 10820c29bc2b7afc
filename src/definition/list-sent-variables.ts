import type { StreamDefinition } from './definition.ts';

/** Names of the variables that the mapping reads; whoever sends an event puts the user's values of them into `_conf`. */
export function listSentVariables({ fields }: Pick<StreamDefinition, 'fields'>): readonly string[] {
  return [...new Set(fields.flatMap(({ origin }) => (origin.kind === 'listed' ? [origin.in] : [])))];
}
