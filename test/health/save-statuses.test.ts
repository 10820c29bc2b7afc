import { describe, expect, it } from 'vitest';
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
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    book.report.stopped(partition, toRefusal('pause', { status: 403 }), 'paused', start + minute);
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    const flushed = saver.flush();
    for (let tries = 0; tries < 4; tries += 1) {
      go();
      await settle();
    }
    await flushed;
    expect(most).toBe(1);
    expect(disk.saved.at(-1)).toMatchObject({ key: KEY, status: { state: 'caughtUp', totals: { read: 2 } } });
    expect(disk.saved.length).toBeLessThanOrEqual(2);
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
