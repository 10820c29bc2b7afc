import { describe, expect, it } from 'vitest';

import { readCommandLine } from '../../../_dev/bench/command-line.ts';
import { renderReport } from '../../../_dev/bench/render-report.ts';
import { summarise, toSpread } from '../../../_dev/bench/summarise.ts';

const ours = { label: 'ours', pipeline: 'p' };
const yardstick = { label: 'yardstick', pipeline: 'y' };
const none = { label: 'no pipeline', pipeline: '_none' };
const clock = new Map([
  [ours, [4, 9, 5]],
  [yardstick, [2, 3, 2]],
]);
const cpu = new Map([
  [ours, [14, 16, 15]],
  [yardstick, [12, 12, 13]],
  [none, [10, 10, 11]],
]);

describe('summarise', () => {
  it('compares each round with the yardstick of the same round', () => {
    const [first] = summarise({ clock, cpu: undefined }, { yardstick, none });
    expect(first).toEqual({ label: 'ours', ingestUs: { median: 5, low: 4.5, high: 7 }, ratio: { median: 2.5, low: 2.25, high: 2.75 } });
  });

  it('takes the CPU of the same bulk without a pipeline off', () => {
    const summaries = summarise({ clock, cpu }, { yardstick, none });
    expect(summaries.map(({ cpuUs, cpuRatio }) => [cpuUs?.median, cpuRatio?.median])).toEqual([
      [4, 2],
      [2, 1],
    ]);
  });

  it('becomes a table with medians and quarter marks', () => {
    const table = renderReport(summarise({ clock, cpu }, { yardstick, none }));
    expect(table).toContain('5.0 [4.5 to 7.0]');
    expect(table).toContain('2.50 [2.25 to 2.75]');
  });
});

describe('toSpread', () => {
  it.each([
    [[1, 2, 3, 4, 5], { median: 3, low: 2, high: 4 }],
    [[4, 1], { median: 2.5, low: 1.75, high: 3.25 }],
    [[7], { median: 7, low: 7, high: 7 }],
  ])('of %j', (values, spread) => {
    expect(toSpread(values)).toEqual(spread);
  });
});

describe('readCommandLine', () => {
  it('reads folders and amounts', () => {
    expect(readCommandLine(['a', 'b', '--rounds', '3', '--count', '100', '--no-cpu', '--json'])).toMatchObject({
      folders: ['a', 'b'],
      rounds: 3,
      count: 100,
      cpu: false,
      json: true,
    });
  });

  it.each([[[]], [['a', '--rounds', '0']], [['a', '--count', 'x']], [['a', '--nosuch']]])('refuses %j', (args) => {
    expect(() => readCommandLine(args)).toThrow();
  });
});
