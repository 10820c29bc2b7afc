import { overlaps } from '../condition.ts';

/** One step of the mapping as Painless, in parts that can be joined with those of its neighbours. */
export interface Statement {
  /** What must stand before it. */
  readonly before: readonly string[];
  /** Condition under which it runs; undefined: always. */
  readonly condition: string | undefined;
  /** Fields of the document that the condition reads. */
  readonly reads: readonly string[];
  /** A condition without which it would do nothing; worth testing only for several statements at once. */
  readonly guard: string | undefined;
  /** Fields of the document that it writes. */
  readonly writes: readonly string[];
  readonly lines: readonly string[];
  /** What stands behind the condition, for a reader. */
  readonly comment?: string;
}

/** Painless text of statements, in their order; neighbours with the same condition share one `if`. Elements may stand in functions of their own. */
export function renderStatements(statements: readonly Statement[]): readonly string[] {
  const groups: Statement[][] = [];
  for (const statement of statements) {
    const group = groups.at(-1);
    if (group !== undefined && joins(group, statement)) group.push(statement);
    else groups.push([statement]);
  }
  return groups.flatMap(renderGroup);
}

function joins(group: readonly Statement[], next: Statement): boolean {
  const [first] = group;
  if (first === undefined || next.before.length > 0 || next.comment !== undefined || first.comment !== undefined) return false;
  if (next.condition !== first.condition || (next.condition === undefined && (next.guard === undefined || next.guard !== first.guard))) return false;
  return !group.some(({ writes }) => writes.some((field) => next.reads.some((read) => overlaps(read, field))));
}

function renderGroup(group: readonly Statement[]): readonly string[] {
  const [first] = group as [Statement, ...Statement[]];
  const lines = group.flatMap((statement) => statement.lines);
  const condition = first.condition ?? (group.length > 1 ? first.guard : undefined);
  if (condition === undefined) return [...first.before, lines.join('\n')];
  const single = lines.length === 1 && first.comment === undefined;
  const block = single
    ? [`if (${condition}) { ${lines[0]} }`]
    : [`if (${condition}) {${first.comment ? ` // ${first.comment}` : ''}`, ...lines.map((line) => `  ${line}`), '}'];
  return [...first.before, block.join('\n')];
}
