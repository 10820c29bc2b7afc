import type { StreamDefinition, Variable } from '../definition/definition.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

function renderDefault({ default: value }: Variable): string {
  return value === undefined ? '' : `\`${Array.isArray(value) ? value.join(', ') : String(value)}\``;
}

/** The variables that the form of Kibana offers. */
export function compileVariablesTable(variables: readonly Variable[]): string {
  const rows = variables
    .filter((variable) => variable.for !== 'collector')
    .map((variable) => [`\`${variable.name}\``, variable.title, variable.description, variable.required ? 'yes' : 'no', renderDefault(variable)]);
  return renderMarkdownTable(['Name', 'Title', 'Description', 'Required', 'Default'], rows);
}

/** The variables that only one of the two programs reads, of the package and of its streams, each name once. */
export function compileVariablesOf(program: 'agent' | 'collector', variables: readonly Variable[]): string {
  const named = new Map(variables.filter((variable) => variable.for === program).map((variable) => [variable.name, variable]));
  return renderMarkdownTable(
    ['Name', 'Description', 'Default'],
    [...named.values()].map((variable) => [`\`${variable.name}\``, variable.description, renderDefault(variable)]),
  );
}

/** The presets of the variable `fields`: how many fields each asks for, and which. */
export function compilePresets({ presets }: StreamDefinition): string {
  return renderMarkdownTable(
    ['Preset', 'Number', 'Fields'],
    Object.entries(presets).map(([name, fields]) => [`\`${name}\``, String(fields.length), fields.join(', ')]),
  );
}
