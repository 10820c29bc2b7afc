import type { TextStream } from './context.ts';
import type { Log } from './log.ts';

/** How far a piece of work has come. */
export interface Standing {
  /** From 0 to 1. */
  readonly part: number;
  /** Records so far in this run. */
  readonly records: number;
}

/** Shows how far a piece of work has come: a bar on a terminal, else now and then a line of the log. */
export interface Progress {
  /** Where everything else is to be written, so that bar and lines do not mix. */
  readonly stream: TextStream;
  /** May be called as often as one likes. */
  show(standing: Standing, log: Log): void;
  /** Removes the bar. */
  end(): void;
}

interface ProgressOptions {
  readonly stream: TextStream;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
const WIDTH = 24;
/** Carriage return, and "erase to the end of the line" of every terminal since the VT100. */
const CLEAR = '\r\u001B[K';

/** Opens the display; nothing is shown before the first call of `show`. */
export function openProgress({ stream, now }: ProgressOptions): Progress {
  const terminal = stream.isTTY === true;
  let begun: { readonly at: number; readonly part: number } | undefined;
  let shownAt = now();
  let bar = '';
  const write = (text: string): void => void stream.write(bar === '' ? text : `${CLEAR}${text}${bar}`);
  return {
    stream: { isTTY: terminal, write },
    show: (standing, log) => {
      begun ??= { at: now(), part: standing.part };
      if (now() - shownAt < (terminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
      shownAt = now();
      const text = renderStanding(standing, { tookMs: now() - begun.at, done: standing.part - begun.part });
      if (!terminal) return log('info', text, { 'cloudflare.collector': standing });
      const filled = Math.round(standing.part * WIDTH);
      bar = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${text}`;
      stream.write(`${CLEAR}${bar}`);
    },
    end: () => {
      if (bar !== '') stream.write(CLEAR);
      bar = '';
    },
  };
}

interface Pace {
  readonly tookMs: number;
  /** Part that was done in that time. */
  readonly done: number;
}

/** E.g. `42 % done, 123,456 records, 1,234 a second, 3 min left`. */
export function renderStanding({ part, records }: Standing, { tookMs, done }: Pace): string {
  const rate = tookMs > 0 ? Math.round((records / tookMs) * 1000) : 0;
  const left = done > 0 ? `, ${renderDuration((tookMs / done) * (1 - part))} left` : '';
  return `${Math.floor(part * 100)} % done, ${records.toLocaleString('en')} records, ${rate.toLocaleString('en')} a second${left}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in its two largest units, e.g. `3 d 4 h`. */
export function renderDuration(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first === -1) return '0 s';
  let rest = ms;
  const parts = UNITS.slice(first, first + 2).map(([name, size]): [number, string] => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return [count, name];
  });
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(' ');
}
