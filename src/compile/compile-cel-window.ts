import type { SourceDefinition, StreamDefinition, WindowDefinition } from '../definition/definition.ts';
import { toCursorKey } from './compile-cel-sources.ts';
import { renderCelString } from './render-cel-string.ts';

/** Shortest window that failures shrink to, in milliseconds; it also stays twice as long as the overlap, so that each window moves on. */
const SHORTEST_MS = 60_000;

/** Whole seconds, because Cloudflare's bounds have no finer unit. */
function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Window lengths in seconds to try after no failure, one, two and so on: each half as long as the one before. */
export function toCelSpans({ maxMs, overlapMs }: WindowDefinition): readonly number[] {
  const shortest = Math.max(SHORTEST_MS, 2 * overlapMs);
  const spans: number[] = [maxMs];
  for (let span = maxMs / 2; span >= shortest; span /= 2) {
    spans.push(span);
  }
  return spans.map(toSeconds);
}

/** Go knows no days: `545d` becomes `13080h`. */
const INITIAL = `duration(state.initial_interval.contains("d") ?
      string(int(state.initial_interval.split("d")[0]) * 24) + "h" + state.initial_interval.split("d")[1]
    :
      state.initial_interval
    )`;

/** Where a source goes on: at its own cursor, else where its first window failed, else at the cursor of the source whose place it takes. */
function compileStart({ window, continues }: SourceDefinition, { sources }: StreamDefinition): string {
  const overlap = window.overlapMs === 0 ? '' : ` - duration("${toSeconds(window.overlapMs)}s")`;
  const before = sources.find(({ name }) => name === continues);
  const other =
    before === undefined
      ? ''
      : `${toCursorKey(before, sources)} in cursor ?
    timestamp(cursor[${toCursorKey(before, sources)}].until)${overlap}
  :
    `;
  return `(key in cursor ?
    timestamp(cursor[key].until)${overlap}
  : key in state.?begun.orValue({}) ?
    timestamp(state.begun[key])
  :
    ${other}timestamp(int(now)) - ${INITIAL}
  )`;
}

function compileRetention({ retentionMs, retentionBy }: WindowDefinition): string {
  if (retentionBy === undefined) return String(toSeconds(retentionMs));
  const options = Object.entries(retentionBy.optionsMs).map(([option, ms]) => `${renderCelString(option)}: ${toSeconds(ms)}`);
  return `{${options.join(', ')}}[?state.?${retentionBy.variable}.orValue("")].orValue(${toSeconds(retentionMs)})`;
}

function compileOldest({ beginsMs, ...window }: WindowDefinition): string {
  const kept = `timestamp(int(now) - ${compileRetention(window)})`;
  if (beginsMs === undefined) return kept;
  const begins = `timestamp(${renderCelString(new Date(beginsMs).toISOString())})`;
  return `${kept}.as(kept, kept < ${begins} ? ${begins} : kept)`;
}

/** Binds `window`: the one that was begun, else the next from the cursor on, as long as failures let it be. The bracket is left open. */
export function compileCelWindow(source: SourceDefinition, stream: StreamDefinition): string {
  const { window, page } = source;
  const spans = toCelSpans(window)
    .map((span) => renderCelString(`${span}s`))
    .join(', ');
  const begun = page === undefined ? '' : `has(work.since) ?\n  {"since": timestamp(work.since), "before": timestamp(work.before), "last": work.last}\n:\n  `;
  return `(${begun}${compileStart(source, stream)}.as(start, ${compileOldest(window)}.as(oldest, start < oldest ? oldest : start)).as(since,
  timestamp(int(now) - ${toSeconds(window.lagMs)}).as(newest,
  [${spans}].as(spans, duration(spans[failures < size(spans) ? failures : size(spans) - 1])).as(span,
    since + span < newest ?
      {"since": since, "before": since + span, "last": false}
    :
      {"since": since, "before": newest, "last": true}
  )))
).as(window,`;
}
