import type { SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { compileCelAddress, compileCelRequest } from './compile-cel-request.ts';
import { renderCelString } from './render-cel-string.ts';

function renderList(names: readonly string[]): string {
  return `[${names.map(renderCelString).join(', ')}]`;
}

/** Whether a source has to be told which fields to send. */
export function takesFields({ request }: SourceDefinition): boolean {
  return Object.values(request.query).includes('${fields}');
}

/**
 * Binds `offered`, the names of the fields that the zone offers, empty where it does not say: one name that it does not offer makes Cloudflare refuse
 * the whole request. A zone is asked once, until it says. The bracket is left open.
 */
export function compileOfferedFields(source: SourceDefinition): string {
  return `(key in state.?offered.orValue({}) ?
  state.offered[key]
:
  ${compileCelRequest(source, compileCelAddress(source, '/fields'))}.as(answer, has(answer.error) || answer.StatusCode != 200 ?
    []
  :
    try(answer.Body.decode_json(), "error").as(list, has(list.error) ? [] : list.map(name, name))
  )
).as(offered,`;
}

/** Keeps `offered` in the state, around the expression that uses it. */
export function compileKeptOffer(expression: string): string {
  return `(${expression}).with(size(offered) == 0 ? {} : {"offered": state.?offered.orValue({}).with({key: offered})})`;
}

/**
 * Binds `fields`, the list of names to ask for: presets are resolved, what makes the id and the time comes first and is always among them, what the zone
 * does not offer is left out. Where the form was emptied, that alone is asked for. The bracket is left open.
 */
export function compileFieldList(source: SourceDefinition, { presets }: StreamDefinition): string {
  const needed = renderList([...new Set([...source.id, source.time])]);
  const known = [...new Set(Object.values(presets).flat())].toSorted();
  const named = Object.entries(presets).map(([name, fields]) => `  ${renderCelString(name)}: ${renderCelString(fields.join(','))},`);
  return `({
${named.join('\n')}
}.as(presets, state.fields.filter(text, text != null).map(text, text.split(",")).flatten().map(name, name.trim_space()).map(name,
  (name in presets ? presets[name] : name).split(",")
).flatten()).as(wanted,
${needed}.as(needed,
${renderList(known)}.as(known,
  (known.filter(name, name in wanted) + wanted.filter(name, !(name in known))).filter(name,
    name != "" && !(name in needed) && (size(offered) == 0 || name in offered)
  ).as(chosen, (needed + chosen).join(","))
)))).as(fields,`;
}
