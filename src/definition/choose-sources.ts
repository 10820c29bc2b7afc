import type { SourceDefinition, StreamDefinition } from './definition.ts';

/** The values that a user gave to variables of type `select`, by name; a variable without a value has its default. */
export type Choices = Readonly<Record<string, string>>;

/** The sources of a stream that are read with these choices, in declared order. */
export function chooseSources({ sources, variables }: Pick<StreamDefinition, 'sources' | 'variables'>, choices: Choices = {}): readonly SourceDefinition[] {
  const defaults = Object.fromEntries(variables.map((variable) => [variable.name, variable.default]));
  const given: Readonly<Record<string, unknown>> = { ...defaults, ...choices };
  return sources.filter(({ when = {} }) => Object.entries(when).every(([name, values]) => values.includes(String(given[name]))));
}
