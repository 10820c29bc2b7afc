import { expect, it } from 'vitest';
import type { Report } from '../../src/collect/report.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { joinReports } from '../../src/health/join-reports.ts';
import { count, partition } from './small-book.ts';

const NAMES = ['window', 'gap', 'again', 'stopped', 'shortened', 'lost', 'ended'] as const;

it('tells each listener everything, in their order', () => {
  const told: string[] = [];
  const listen = (who: string): Report => Object.fromEntries(NAMES.map((name) => [name, () => told.push(`${who} ${name}`)])) as unknown as Report;
  const report = joinReports(listen('first'), listen('second'));
  const window = { since: 0, before: 1 };
  report.window(partition, window, count());
  report.gap(partition, window, 'gone');
  report.again(partition, new Error(), 1);
  report.stopped(partition, new Error(), 'paused', 1);
  report.shortened?.(partition, 1);
  report.lost?.(partition, new LeaseLostError('lost', { hint: 'none' }));
  report.ended?.(partition);
  expect(told).toEqual(NAMES.flatMap((name) => [`first ${name}`, `second ${name}`]));
});
