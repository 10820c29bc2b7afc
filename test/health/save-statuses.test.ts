import { describe, expect, it } from 'vitest';
import type { StateEntry } from '../../src/collect/checkpoint.ts';
import type { PartitionStatus } from '../../src/collect/partition-status.ts';
import { createStatusSaver, REFRESH_MS, SAVE_EVERY_MS } from '../../src/health/save-statuses.ts';
import { minute, start } from '../collect/small-world.ts';
import { toRefusal } from '../collect/trouble.ts';
import { count, KEY, openBook, other, partition, type TestClock } from './small-book.ts';

const window = { since: start - 10 * minute, before: start - minute };

interface Disk {
  readonly saved: { readonly key: string; readonly status: PartitionStatus }[];
  /** Called before each save. */
  before: () => Promise<void>;
}

function openSaver(given: Parameters<typeof openBook>[0] = {}) {
  const { book, clock } = openBook(given);
  const disk: Disk = { saved: [], before: async () => {} };
  const warnings: unknown[] = [];
  const sleeping: { readonly ms: number; readonly wake: () => void }[] = [];
  const saver = createStatusSaver({
    book,
    save: async (key, status) => {
      await disk.before();
      disk.saved.push({ key, status });
    },
    now: () => clock.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const fail = (): void => reject(signal.reason);
        signal.addEventListener('abort', fail, { once: true });
        const wake = (): void => {
          signal.removeEventListener('abort', fail);
          resolve(undefined);
        };
        sleeping.push({ ms, wake });
      }),
    warn: (error) => warnings.push(error),
  });
  return { book, clock, disk, warnings, saver, sleeping };
}

/** Lets everything that is ready go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Ends the sleep that is under way, that much later. */
async function pass({ clock, sleeping }: { clock: TestClock; sleeping: { ms: number; wake: () => void }[] }): Promise<void> {
  const next = sleeping.pop();
  clock.now += next?.ms ?? 0;
  next?.wake();
  await settle();
}

describe('the saver of statuses', () => {
  it('saves a change of state at once, anything else every few seconds, and all once a minute', async () => {
    const scene = openSaver();
    const { book, disk, saver } = scene;
    book.watch(partition);
    const stop = new AbortController();
    const running = saver.run(stop.signal);
    await settle();
    expect(disk.saved.map(({ status }) => status.state)).toEqual(['behind']);
    book.report.window(partition, window, count());
    await settle();
    expect(disk.saved.map(({ status }) => status.state)).toEqual(['behind', 'caughtUp']);
    for (let windows = 0; windows < 10; windows += 1) book.report.window(partition, window, count({ read: 1, created: 1 }));
    await settle();
    expect(disk.saved).toHaveLength(2);
    await pass(scene);
    expect(disk.saved.at(-1)?.status).toMatchObject({ totals: { read: 10 }, updatedMs: start + SAVE_EVERY_MS });
    const before = disk.saved.length;
    for (let passed = 0; passed < REFRESH_MS; passed += SAVE_EVERY_MS) await pass(scene);
    expect(disk.saved).toHaveLength(before + 1);
    stop.abort();
    await running;
  });

  it('has one save of a partition under way, and the last one wins', async () => {
    const { book, disk, saver } = openSaver();
    let go = (): void => {};
    let underWay = 0;
    let most = 0;
    disk.before = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      underWay -= 1;
    };
    const stop = new AbortController();
    const running = saver.run(stop.signal);
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    await settle();
    book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    await settle();
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    for (let tries = 0; tries < 4; tries += 1) {
      go();
      await settle();
    }
    stop.abort();
    await running;
    expect(most).toBe(1);
    expect(disk.saved.map(({ status }) => status.totals.read)).toEqual([1, 2]);
    expect(disk.saved.at(-1)).toMatchObject({ key: KEY, status: { state: 'caughtUp' } });
  });

  it('warns once while saving fails, and saves what was missed', async () => {
    const { book, disk, saver, warnings } = openSaver();
    disk.before = async () => {
      throw new Error('disk full');
    };
    book.watch(other('b'));
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    await saver.flush();
    book.report.gap(other('b'), window, 'too old');
    await saver.flush();
    let saves = 0;
    disk.before = async () => {
      saves += 1;
      if (saves > 1) throw new Error('no room for a second one');
    };
    await saver.flush();
    expect([warnings.length, disk.saved.length]).toEqual([1, 1]);
    disk.before = async () => {};
    await saver.flush();
    expect(disk.saved.map(({ key }) => key).toSorted()).toEqual([KEY, 'main/default/audit/v1/b']);
    disk.before = async () => {
      throw new Error('disk full again');
    };
    book.report.gap(partition, window, 'too old');
    await saver.flush();
    expect(warnings).toHaveLength(2);
  });
});

describe('savers of collectors that share partitions', () => {
  /** Two collectors over one store. */
  function openTwo() {
    const stored = new Map<string, StateEntry>();
    const failure: { error?: Error } = {};
    const warnings: unknown[] = [];
    const open = (instance: string) => {
      const { book, clock } = openBook({ shared: true, instance });
      const saver = createStatusSaver({
        book,
        save: async (key, status) => void stored.set(key, { ...stored.get(key), key, status: structuredClone(status) }),
        readAll: async () => {
          if (failure.error !== undefined) throw failure.error;
          return [...stored.values()];
        },
        now: () => clock.now,
        sleep: async () => {},
        warn: (error) => warnings.push(error),
      });
      book.watch(partition);
      return { book, clock, saver };
    };
    return { stored, failure, warnings, a: open('a'), b: open('b') };
  }

  const window2 = { since: window.before, before: window.before + minute };

  it('add up what each has settled; the partition is with whoever settled its last window', async () => {
    const { a, b, stored } = openTwo();
    a.book.report.window(partition, window, count({ read: 5, created: 5 }), window.since);
    await a.saver.flush();
    b.clock.now += minute;
    b.book.report.window(partition, window2, count({ read: 2, created: 2 }), window2.since);
    a.book.report.gap(partition, window, 'late news of the one before');
    await b.saver.flush();
    expect(stored.get(KEY)?.status).toMatchObject({ instance: 'b', totals: { read: 7, created: 7, gaps: 0 }, lastWindow: window2 });
    await a.saver.flush();
    expect(stored.get(KEY)?.status).toMatchObject({ instance: 'b', totals: { read: 7, created: 7, gaps: 1 }, lastWindow: window2 });
    expect([a.book.list().length, b.book.list().length]).toEqual([0, 1]);
    expect(a.book.listUntold().map(({ sinceBeat }) => sinceBeat.read)).toEqual([5]);
    b.book.report.window(partition, { since: window2.before, before: window2.before + 1 }, count({ read: 1, duplicate: 1 }));
    await b.saver.flush();
    await a.saver.flush();
    expect(stored.get(KEY)?.status?.totals).toEqual({ ...count({ read: 8, created: 7, duplicate: 1 }), gaps: 1 });
  });

  it('leave a partition to who tried it last, where nothing is settled', async () => {
    const { a, b, stored } = openTwo();
    a.book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    await a.saver.flush();
    b.clock.now += minute;
    b.book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + 3 * minute);
    await b.saver.flush();
    a.book.report.window(other('z'), window, count());
    await a.saver.flush();
    expect(stored.get(KEY)?.status).toMatchObject({ instance: 'b', state: 'paused', nextTryMs: start + 3 * minute });
    expect(a.book.list().map(({ partition: { scopeId } }) => scopeId)).toEqual(['z']);
    expect(b.book.list().map(({ partition: { scopeId } }) => scopeId)).toEqual(['a']);
  });

  it('save nothing over what they cannot read, and go on from what a dead one has left', async () => {
    const { a, b, failure, stored, warnings } = openTwo();
    a.book.report.window(partition, window, count({ read: 5, created: 5 }));
    await a.saver.flush();
    failure.error = new Error('no answer');
    b.book.report.window(partition, window2, count({ read: 1, created: 1 }));
    await b.saver.flush();
    await b.saver.flush();
    expect([stored.get(KEY)?.status?.instance, warnings.length]).toEqual(['a', 1]);
    delete failure.error;
    await b.saver.flush();
    expect(stored.get(KEY)?.status).toMatchObject({ instance: 'b', totals: { read: 6, created: 6 } });
  });
});
