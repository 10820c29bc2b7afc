/** Rows as a table of text, each column as wide as its widest cell, indented by two. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map((cell) => '-'.repeat(cell.length)), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}`).join('\n');
}
