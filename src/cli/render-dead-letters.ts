import type { LetterList, ListedLetter } from '../elasticsearch/list-dead-letters.ts';
import type { ReplayReport } from '../elasticsearch/replay-dead-letters.ts';
import { renderTable } from './render-table.ts';

const MAX_REASON = 100;

type Reasoned = Pick<ListedLetter, 'reason'>;

/** The newest letters as a table, then how often each reason is there. */
export function renderList({ letters, stored }: LetterList, limit: number): string {
  const shown = letters.slice(-limit);
  const rows = shown.map(({ time, stream, id, reason, places }) => [time.replace(/\.\d+Z$/, 'Z'), stream, id, toLine(reason), places.join(', ')]);
  const parts = [
    letters.length === 0 ? 'no dead letters' : renderTable(['time', 'stream', 'id', 'reason', 'lies in'], rows, { left: [0, 1, 2, 3, 4], ruled: false }),
    shown.length < letters.length ? `${letters.length - shown.length} older ones are not shown; --limit shows more` : '',
    renderReasons(letters),
    renderStored(stored),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The list for scripts. */
export function toListJson({ letters, stored }: LetterList, limit: number): object {
  return { total: letters.length, stored, reasons: Object.fromEntries(countReasons(letters)), letters: letters.slice(-limit) };
}

/** What a replay has done, and why what remains does. */
export function renderReplay({ created, duplicate, dropped, remaining }: ReplayReport): string {
  const head = ['stored', 'stored before', 'dropped by a rule', 'remaining'];
  const table = renderTable(head, [[created, duplicate, dropped, remaining.length].map(String)], { left: [], ruled: false });
  return [table, renderReasons(remaining)].filter((part) => part !== '').join('\n\n');
}

/** The replay for scripts. */
export function toReplayJson({ created, duplicate, dropped, remaining }: ReplayReport): object {
  const letters = remaining.map(({ raw: _raw, ...letter }) => letter);
  return { created, duplicate, dropped, remaining: remaining.length, reasons: Object.fromEntries(countReasons(remaining)), letters };
}

function renderReasons(letters: readonly Reasoned[]): string {
  const counts = countReasons(letters);
  return counts.length === 0
    ? ''
    : renderTable(
        ['count', 'reason'],
        counts.map(([reason, count]) => [String(count), reason]),
        { left: [1], ruled: false },
      );
}

function renderStored(stored: number): string {
  return stored === 0 ? '' : `${stored} more are stored by now. Replaying takes them out of the file; elsewhere they stay until the retention removes them.`;
}

/** The most frequent first. Positions, long numbers and quoted values differ from record to record and would make each reason its own. */
function countReasons(letters: readonly Reasoned[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { reason } of letters) {
    const kind = toLine(
      reason
        .replace(/\[\d+:\d+\] ?/g, '')
        .replace(/'[^']*'/g, "'...'")
        .replace(/\d{4,}/g, '#'),
    );
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** One short line, without what would steer a terminal. */
function toLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON - 3)}...`;
}
