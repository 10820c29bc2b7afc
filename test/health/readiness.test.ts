import { describe, expect, it } from 'vitest';
import { toReadiness } from '../../src/health/readiness.ts';
import { minute, start } from '../collect/small-world.ts';
import { toRefusal } from '../collect/trouble.ts';
import { count, openBook, other, partition } from './small-book.ts';

const maxLagMs = 60 * minute;

describe('readiness', () => {
  it('holds up to the declared lag, and names what is late beyond it, the latest first', () => {
    const { book, clock } = openBook();
    book.report.window(partition, { since: start - 40 * minute, before: start - 30 * minute }, count());
    book.report.window(other('b'), { since: start - 40 * minute, before: start - 35 * minute }, count());
    book.report.stopped(other('b'), toRefusal('pause', { status: 403 }), 'paused', start + minute);
    clock.now = start + 25 * minute;
    expect(toReadiness(book.list(), { now: clock.now, maxLagMs })).toEqual({ ready: true, max_lag_seconds: 3600, late: 0, reasons: [] });
    clock.now = start + 31 * minute;
    const { reasons, ...rest } = toReadiness(book.list(), { now: clock.now, maxLagMs });
    expect(rest).toEqual({ ready: false, max_lag_seconds: 3600, late: 2 });
    expect(reasons.map(({ scope_id, state, lag_seconds }) => [scope_id, state, lag_seconds])).toEqual([
      ['b', 'paused', 66 * 60],
      ['a', 'behind', 61 * 60],
    ]);
    expect(reasons[0]).toMatchObject({ connection: 'main', namespace: 'default', stream: 'audit', source: 'v1', reason: expect.stringMatching(/./) });
  });

  it('waits that long for the first window as well', () => {
    const { book } = openBook();
    book.watch(partition);
    expect(toReadiness(book.list(), { now: start + maxLagMs, maxLagMs })).toMatchObject({ ready: true });
    expect(toReadiness(book.list(), { now: start + maxLagMs + 1, maxLagMs })).toMatchObject({ ready: false, late: 1 });
  });

  it('shows a bounded number of reasons', () => {
    const { book } = openBook();
    for (let index = 0; index < 50; index += 1) book.watch(other(`z${index}`));
    const { late, reasons } = toReadiness(book.list(), { now: start + 2 * maxLagMs, maxLagMs });
    expect([late, reasons.length]).toEqual([50, 20]);
  });
});
