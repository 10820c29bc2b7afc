import type { FieldEntry } from './compile-fields.ts';

interface Row {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly unit: string;
  readonly metricType: string;
}

const escapes: Readonly<Record<string, string>> = { '*': '\\*', '{': '\\{', '}': '\\}', '<': '\\<', '>': '\\>' };

function escapeCell(text: string): string {
  return text.replaceAll(/[*{}<>]/g, (character) => escapes[character] ?? character);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toRows(entry: FieldEntry): readonly Row[] {
  const row = { name: entry.name, description: entry.description, type: entry.type, unit: toText(entry.unit), metricType: toText(entry.metric_type) };
  const multiFields = Array.isArray(entry.multi_fields) ? (entry.multi_fields as readonly FieldEntry[]) : [];
  const children = multiFields.map(({ name, type }) => ({
    name: `${entry.name}.${name}`,
    description: `Multi-field of \`${entry.name}\`.`,
    type,
    unit: '',
    metricType: '',
  }));
  return [row, ...children];
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** What `{{fields "NAME"}}` stands for in the docs: a table of all fields sorted by name, character for character as elastic-package renders it. */
export function compileFieldsTable(entries: readonly FieldEntry[]): string {
  const rows = entries.flatMap(toRows).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const units = rows.some(({ unit }) => unit !== '');
  const metrics = rows.some(({ metricType }) => metricType !== '');
  const head = ['Field', 'Description', 'Type', ...(units ? ['Unit'] : []), ...(metrics ? ['Metric Type'] : [])];
  const body = rows.map((row) =>
    renderRow([
      escapeCell(row.name),
      escapeCell(row.description.replaceAll('\n', ' ').trim()),
      row.type,
      ...(units ? [row.unit] : []),
      ...(metrics ? [row.metricType] : []),
    ]),
  );
  return `**Exported fields**\n\n${renderRow(head)}|${'---|'.repeat(head.length)}\n${body.join('')}`;
}
