import type { Result, Row } from './rule.ts';

const order = ['P', 'E', 'F', 'D', 'T', 'K'];

const INDENT = ' '.repeat(26);

/** How many notes of a row are printed. */
const MOST_NOTES = 12;

function toPlace({ id }: Row): number {
  const letter = order.indexOf(id.charAt(0));
  return letter < 0 ? order.length * 100 : letter * 100 + Number.parseInt(id.slice(1), 10);
}

/** How many lines of a note are printed from its begin, and how many from its end. */
const FIRST_LINES = 20;
const LAST_LINES = 10;

/** A note below its row; of the output of a program only begin and end. */
function renderNote(note: string): string {
  const lines = note.split('\n');
  const cut = lines.length - FIRST_LINES - LAST_LINES;
  const kept = cut <= 0 ? lines : [...lines.slice(0, FIRST_LINES), `... ${cut} lines ...`, ...lines.slice(-LAST_LINES)];
  return `${INDENT}- ${kept.join(`\n${INDENT}  `)}`;
}

function renderNotes({ notes }: Row): readonly string[] {
  const more = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES).map(renderNote), ...(more > 0 ? [`${INDENT}- and ${more} more`] : [])];
}

/** How the result is called in the table. */
const words: Readonly<Record<Result, string>> = {
  ok: 'ok',
  exception: 'exception',
  owed: 'cannot be shown',
  'left out': 'left out',
  fault: 'FAULT',
};

/** The table of all rows by rule, with reasons, faults and what is owed below each row; then the counts. */
export function renderReport(rows: readonly Row[]): string {
  const sorted = [...rows.keys()].toSorted((a, b) => toPlace(rows[a] as Row) - toPlace(rows[b] as Row) || a - b).map((index) => rows[index] as Row);
  const lines = sorted.flatMap((row) => [`${row.id.padEnd(10)}${words[row.result].padEnd(16)}${row.checks}`, ...renderNotes(row)]);
  const count = (result: Result): number => rows.filter((row) => row.result === result).length;
  const counts = [
    `${count('ok')} ok`,
    `${count('exception')} exceptions`,
    `${count('owed')} cannot be shown here`,
    `${count('left out')} left out`,
    `${count('fault')} faults`,
  ];
  return `${['rule      result          what is checked', ...lines, '', counts.join(', ')].join('\n')}\n`;
}
