import type { PackageDefinition } from '../definition/definition.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

/** The rules that leave events out: of which data stream, what, and the variable that switches each off. */
export function compileDropsTable({ streams }: PackageDefinition): string {
  const rows = streams.flatMap(({ title, drops }) =>
    drops.map(({ name, description, variable, byDefault }) => [title, `\`${name}\``, description, `\`${variable}\``, byDefault ? 'on' : 'off']),
  );
  return renderMarkdownTable(['Data stream', 'Rule', 'Leaves out', 'Variable', 'By default'], rows);
}
