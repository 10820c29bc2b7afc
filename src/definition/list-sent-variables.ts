import type { StreamDefinition } from './definition.ts';

/** Names of the variables that the mapping reads; whoever sends an event puts the user's values of them into `_conf`. */
export function listSentVariables({ fields, drops }: Pick<StreamDefinition, 'fields' | 'drops'>): readonly string[] {
  const listed = fields.flatMap(({ origin }) => (origin.kind === 'listed' ? [origin.in] : []));
  return [...new Set([...listed, ...drops.map(({ variable }) => variable)])];
}
