/** How a table looks. */
export interface TableForm {
  /** Columns of text; all others hold numbers and stand to the right. @default the first */
  readonly left?: readonly number[];
  /** Draws a line below the head. @default true */
  readonly ruled?: boolean;
}

/** A table for a terminal, without blanks at the ends of its lines. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], { left = [0], ruled = true }: TableForm = {}): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...(ruled ? [widths.map((width) => '-'.repeat(width)).join('  ')] : []), ...rows.map(line)].join('\n');
}
