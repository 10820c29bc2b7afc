import type { StreamDefinition } from '../definition/definition.ts';
import { severities } from '../definition/severity.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

/** How a stream grades its events, the most severe first. */
export function compileSeverities({ rules }: StreamDefinition): string {
  const graded = rules.flatMap(({ name, grade }) => (grade === undefined ? [] : [{ name, ...grade }]));
  const ordered = graded.toSorted((a, b) => severities[b.severity] - severities[a.severity]);
  return renderMarkdownTable(
    ['Severity', '`event.severity`', 'Reason', 'Rule'],
    ordered.map(({ name, severity, reason }) => [severity, String(severities[severity]), reason, `\`${name}\``]),
  );
}

/** The groups that a stream sorts its events into, each with the texts that lead to it, in their order. */
export function compileGroups({ fields }: StreamDefinition): string {
  const rows = fields.flatMap(({ origin }) => (origin.kind === 'group' ? Object.entries(origin.groups) : []));
  return renderMarkdownTable(
    ['Group', 'Words'],
    rows.map(([group, texts]) => [`\`${group}\``, texts.join(', ')]),
  );
}
