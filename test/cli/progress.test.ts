import { describe, expect, it } from 'vitest';
import { openProgress, renderDuration, renderStanding } from '../../src/cli/progress.ts';

class Screen {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

function open(isTTY: boolean) {
  const screen = new Screen(isTTY);
  const clock = { ms: 0 };
  const logged: string[] = [];
  const progress = openProgress({ stream: screen, now: () => clock.ms });
  const show = (ms: number, part: number, records: number): void => {
    clock.ms = ms;
    progress.show({ part, records }, (level, message) => logged.push(`${level} ${message}`));
  };
  return { screen, progress, logged, show };
}

describe('the progress', () => {
  it('is a bar with rate and time left on a terminal, redrawn ten times a second at most', () => {
    const { progress, screen, logged, show } = open(true);
    show(0, 0.25, 0);
    show(10_000, 0.5, 2_500);
    show(10_050, 0.6, 9_999);
    expect(screen.text).toBe('\r\u001B[K[############............] 50 % done, 2,500 records, 250 a second, 20 s left');
    progress.end();
    progress.end();
    expect(screen.text.endsWith('20 s left\r\u001B[K')).toBe(true);
    expect(logged).toEqual([]);
  });

  it('leaves room for other lines, and comes back behind them', () => {
    const { progress, screen, show } = open(true);
    progress.stream.write('first\n');
    show(0, 0, 0);
    show(200, 0, 5);
    const bar = '[........................] 0 % done, 5 records, 25 a second';
    progress.stream.write('second\n');
    expect(screen.text).toBe(`first\n\r\u001B[K${bar}\r\u001B[Ksecond\n${bar}`);
  });

  it('is a line of the log every five seconds elsewhere', () => {
    const { progress, screen, logged, show } = open(false);
    for (let second = 0; second <= 12; second += 1) show(second * 1000, second / 20, second * 10);
    progress.end();
    expect(logged).toEqual(['info 25 % done, 50 records, 10 a second, 15 s left', 'info 50 % done, 100 records, 10 a second, 10 s left']);
    expect(screen.text).toBe('');
  });

  it('says nothing of the time left before anything is done', () => {
    expect(renderStanding({ part: 0.3, records: 7 }, { tookMs: 0, done: 0 })).toBe('30 % done, 7 records, 0 a second');
  });

  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3 * 86_400_000 + 4 * 3_600_000 + 59_000, '3 d 4 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(renderDuration(ms)).toBe(text);
  });
});
