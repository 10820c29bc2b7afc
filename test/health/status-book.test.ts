import { describe, expect, it } from 'vitest';
import { collectOnce } from '../../src/collect/collect.ts';
import { minute, plan, SmallWorld, start } from '../collect/small-world.ts';
import { toRefusal } from '../collect/trouble.ts';
import { count, KEY, openBook, other, partition } from './small-book.ts';

const window = { since: start - 10 * minute, before: start - minute };

describe('StatusBook', () => {
  it('adds up what windows settled and remembers the newest event', () => {
    const { book } = openBook();
    book.report.window(partition, window, count({ read: 5, created: 3, duplicate: 1, dead: 1 }), start - 2 * minute);
    book.report.window(partition, window, count({ read: 2, dropped: 2 }), start - 3 * minute);
    book.report.window(partition, window, count());
    expect(book.get(KEY)).toMatchObject({
      untilMs: window.before,
      windows: 3,
      sinceBeat: { read: 7, created: 3, duplicate: 1, dead: 1, dropped: 2, gaps: 0 },
      status: {
        state: 'caughtUp',
        lastWindow: window,
        lastEventMs: start - 2 * minute,
        totals: { read: 7, created: 3, duplicate: 1, dead: 1, dropped: 2, gaps: 0 },
        instance: 'host-1/42',
        updatedMs: start,
      },
    });
  });

  it('says behind as long as the window ended longer ago than lag and interval', () => {
    const { book, clock } = openBook();
    book.report.window(partition, window, count());
    expect(book.get(KEY)?.status.state).toBe('caughtUp');
    clock.now = window.before + minute + partition.intervalMs + 1;
    book.report.window(partition, window, count());
    expect(book.get(KEY)?.status.state).toBe('behind');
  });

  it('says why a partition waits, is paused or failed, until a window is settled; without secrets', () => {
    const { book, clock } = openBook();
    book.report.again(partition, toRefusal('wait'), 90_000);
    expect(book.get(KEY)).toMatchObject({ retries: 1, errors: { wait: 1 }, status: { state: 'waiting', nextTryMs: start + 90_000 } });
    book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    const { reason, hint } = book.get(KEY)?.status ?? {};
    expect(reason).not.toBe('');
    expect(hint).not.toBe('');
    expect(book.get(KEY)).toMatchObject({ errors: { wait: 1, pause: 1 }, status: { state: 'paused', nextTryMs: start + minute } });
    book.report.stopped(partition, new Error('with top-secret'), 'failed', start + minute);
    expect(book.get(KEY)).toMatchObject({ errors: { bug: 1 }, status: { state: 'failed', reason: 'with [redacted]' } });
    expect(book.get(KEY)?.status).not.toHaveProperty('hint');
    clock.now += minute;
    book.report.window(partition, { since: start, before: start }, count());
    for (const key of ['reason', 'hint', 'nextTryMs']) expect(book.get(KEY)?.status).not.toHaveProperty(key);
  });

  it('lists no partition that ended, tells what was counted of it, and takes it up again', () => {
    const { book } = openBook();
    book.report.window(partition, window, count({ read: 2, created: 2 }));
    book.report.window(other('b'), window, count());
    book.report.ended?.(partition);
    expect(book.list().map(({ key }) => key)).toEqual(['main/default/audit/v1/b']);
    expect(book.listUntold().map(({ key, sinceBeat }) => [key, sinceBeat.created])).toEqual([
      [KEY, 2],
      ['main/default/audit/v1/b', 0],
    ]);
    book.report.window(partition, window, count());
    expect(book.list()).toHaveLength(2);
  });

  it('promises no next try where a run ends', () => {
    const { book } = openBook({ once: true });
    book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    expect(book.get(KEY)?.status).not.toHaveProperty('nextTryMs');
  });

  it('a gap moves the partition on and is counted', () => {
    const { book } = openBook();
    book.report.gap(partition, window, 'too old');
    expect(book.get(KEY)).toMatchObject({ untilMs: window.before, sinceBeat: { gaps: 1 }, status: { totals: { gaps: 1 } } });
  });

  it('counts by rule what was left out; what was told or saved is taken off', () => {
    const { book } = openBook();
    book.report.window(partition, window, count({ read: 3, dropped: 3, droppedBy: { a: 2, b: 1 } }));
    book.report.window(partition, window, count({ read: 1, dropped: 1, droppedBy: { a: 1 } }));
    expect(book.get(KEY)).toMatchObject({
      sinceBeat: { dropped: 4, droppedBy: { a: 3, b: 1 } },
      status: { totals: { dropped: 4, droppedBy: { a: 3, b: 1 } } },
    });
    book.beaten(KEY, { ...count({ read: 3, dropped: 3, droppedBy: { a: 2, b: 1 } }), gaps: 0 });
    expect(book.get(KEY)?.sinceBeat).toMatchObject({ dropped: 1, droppedBy: { a: 1 } });
    book.saved(KEY, { ...count({ read: 4, dropped: 4, droppedBy: { a: 3, b: 1 } }), gaps: 0 });
    expect(book.get(KEY)?.sinceSave).toEqual({ ...count(), gaps: 0 });
  });

  it('goes on from what is stored; what another one waited for is over', () => {
    const { book: before } = openBook({ instance: 'host-1/41' });
    before.report.window(partition, window, count({ read: 5, created: 5 }), start);
    before.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    const stored = before.get(KEY)?.status;
    const { book } = openBook();
    book.watch(partition, { ...(stored && { status: stored }), untilMs: window.before + minute });
    expect(book.get(KEY)).toMatchObject({ untilMs: window.before + minute, sinceBeat: { read: 0 }, status: { state: 'behind', instance: 'host-1/42' } });
    expect(book.get(KEY)?.status).not.toHaveProperty('reason');
    book.report.window(partition, window, count({ read: 2, duplicate: 2 }));
    expect(book.get(KEY)?.status).toMatchObject({ totals: { read: 7, created: 5, duplicate: 2 }, lastEventMs: start });
  });

  it('tells of each change, and that a new state or a gap is urgent', () => {
    const { book } = openBook();
    const told: boolean[] = [];
    book.onChange((key, urgent) => told.push(key === KEY && urgent));
    book.report.window(partition, window, count());
    book.report.window(partition, window, count());
    book.report.gap(partition, window, 'too old');
    book.report.again(partition, toRefusal('retry'), 1);
    expect(told).toEqual([true, false, true, true]);
  });

  it('takes off what a heartbeat has told, and no more', () => {
    const { book } = openBook();
    book.report.window(partition, window, count({ read: 3, created: 3 }));
    const told = book.get(KEY)?.sinceBeat ?? (count({}) as never);
    book.report.window(partition, window, count({ read: 2, created: 2 }));
    book.beaten(KEY, told);
    expect(book.get(KEY)).toMatchObject({ sinceBeat: { read: 2, created: 2 }, status: { totals: { read: 5 } } });
  });

  it('lists what this collector worked on last, with budget and expiry as of now', () => {
    const { book } = openBook({ shared: true, budgetLeft: () => 7, credentialExpiresMs: () => 9 });
    for (const scopeId of ['a', 'b']) book.watch(other(scopeId));
    expect(book.list()).toEqual([]);
    book.report.window(other('a'), window, count());
    expect(book.list().map(({ status }) => [status.partition.scopeId, status.budgetLeft, status.credentialExpiresMs])).toEqual([['a', 7, 9]]);
  });

  it('listens to a collection', async () => {
    const { book, clock } = openBook();
    const events = [start, start + 20 * minute, start + 41 * minute];
    const world: SmallWorld = new SmallWorld({ events, report: book.report });
    clock.now = world.now;
    const planned = plan();
    await collectOnce([{ ...planned, partition: { ...planned.partition, initialIntervalMs: 60 * minute } }], {
      ports: world.ports(),
      signal: new AbortController().signal,
    });
    expect(book.get(KEY)).toMatchObject({
      status: { state: 'caughtUp', lastEventMs: events[2], totals: { created: 3, gaps: 0 } },
      untilMs: world.now - minute,
    });
  });
});
