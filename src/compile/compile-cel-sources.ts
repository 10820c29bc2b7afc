import type { SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { renderCelString } from './render-cel-string.ts';

/** The expression for the key under which the cursor of a source keeps an account or zone: its id, behind the source's name for all but the first. */
export function toCursorKey({ name }: SourceDefinition, sources: readonly SourceDefinition[]): string {
  return sources[0]?.name === name ? 'scope' : `(${renderCelString(`${name}/`)} + scope)`;
}

/**
 * Binds `scope`, whether there are `others` after it, and for several sources the name of the `source` whose turn it is: all ids of one, then those of the
 * next, in the given order. Brackets are left open.
 */
export function compileSourceChoice(sources: readonly SourceDefinition[], { variables }: StreamDefinition): readonly string[] {
  if (sources.length === 1) {
    return ['state.scopes[index].trim("\\"").as(scope,', '(index + 1 < size(state.scopes)).as(others,'];
  }
  const defaults = new Map(variables.map((variable) => [variable.name, String(variable.default ?? '')]));
  const chosen = sources.map((source) => compileChosen(source, defaults));
  return [
    `(${chosen.join('\n + ')}).as(sources,`,
    'state.scopes[index % size(state.scopes)].trim("\\"").as(scope,',
    'sources[index / size(state.scopes)].as(source,',
    '(index + 1 < size(state.scopes) * size(sources)).as(others,',
  ];
}

/** A list of the source's name, empty where the user chose others. */
function compileChosen({ name, when = {} }: SourceDefinition, defaults: ReadonlyMap<string, string>): string {
  const tests = Object.entries(when).map(([variable, values]) => {
    const given = `state.?${variable}.orValue(${renderCelString(defaults.get(variable) ?? '')})`;
    return `${given} in [${values.map(renderCelString).join(', ')}]`;
  });
  return tests.length === 0 ? `[${renderCelString(name)}]` : `(${tests.join(' && ')} ? [${renderCelString(name)}] : [])`;
}
