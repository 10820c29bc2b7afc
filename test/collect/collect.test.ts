import { describe, expect, it } from 'vitest';
import { type CollectResult, collectOnce } from '../../src/collect/collect.ts';
import { CloudflareError } from '../../src/errors.ts';
import { Crash, minute, overlapping, plan, SmallWorld, start } from './small-world.ts';

const signal = new AbortController().signal;
const events = Array.from({ length: 90 }, (_, index) => start + 30 * minute + index * 19_000);
/** What is old enough at the end; the lag keeps the rest back. */
const due = (world: SmallWorld): readonly string[] => events.flatMap((time, index) => (time < world.now - minute ? [`e${index}`] : [])).sort();

const key = 'main/default/audit/v1/a';

function once(world: SmallWorld, planned = [plan()]): Promise<CollectResult> {
  return collectOnce(planned, { ports: world.ports(), signal });
}

describe('collectOnce', () => {
  it('stores every event once and remembers the overlap', async () => {
    const world = new SmallWorld({ events });
    expect((await once(world)).caughtUp).toHaveLength(1);
    expect(world.stored()).toEqual(due(world));
    const checkpoint = world.checkpoint(key);
    expect(checkpoint?.until).toBe(start + 59 * minute);
    expect(checkpoint?.intent).toBeUndefined();
    const overlap = events.flatMap((time, index) => (time >= start + 54 * minute && time < start + 59 * minute ? [`${time} e${index}`] : []));
    expect(checkpoint?.remembered).toEqual(overlap.sort());
  });

  it('moves the checkpoint over an empty stretch', async () => {
    const world = new SmallWorld({ events: [] });
    await once(world);
    expect(world.checkpoint(key)).toEqual({ until: start + 59 * minute, remembered: [] });
  });

  it('stores nothing twice when the index rolls over between two polls, and takes late events', async () => {
    const late = [...events];
    const world = new SmallWorld({ events: late });
    await once(world);
    world.rollOver();
    late.push(start + 57 * minute);
    world.now += 2 * minute;
    await once(world);
    const expected = [...late.keys()].map((index) => `e${index}`).filter((id) => (late[Number(id.slice(1))] ?? 0) < world.now - minute);
    expect(world.stored()).toEqual(expected.sort());
  });

  it('records what Cloudflare no longer keeps as a gap, and goes on', async () => {
    const world = new SmallWorld({ events });
    await once(world);
    const { until } = world.checkpoint(key) ?? { until: 0 };
    world.now += 700 * minute;
    await once(world);
    expect(world.gaps.map(({ window }) => window)).toEqual([{ since: until, before: world.now - 600 * minute + minute }]);
    expect(world.checkpoint(key)?.until).toBe(world.now - minute);
  });

  it('keeps the failure of one partition to itself', async () => {
    const world = new SmallWorld({
      events,
      onRead: ({ scopeId }) => {
        if (scopeId === 'b') throw new CloudflareError('403', { act: 'pause', hint: 'grant it', status: 403 });
        if (scopeId === 'c') throw new CloudflareError('502', { act: 'retry', hint: 'wait', status: 502 });
        if (scopeId === 'd') throw new TypeError('a bug');
      },
    });
    const result = await once(world, [plan(overlapping, 'b'), plan(overlapping, 'a'), plan(overlapping, 'c'), plan(overlapping, 'd')]);
    const names = (partitions: readonly { readonly scopeId: string }[]): string =>
      partitions
        .map(({ scopeId }) => scopeId)
        .sort()
        .join();
    expect([names(result.caughtUp), names(result.refused), names(result.failed)]).toEqual(['a', 'b', 'c,d']);
    expect(world.stored()).toEqual(due(world));
    expect(world.checkpoint('main/default/audit/v1/b')).toBeUndefined();
  });

  it('halves a window that cannot be had, down to the shortest, which is lost', async () => {
    const asked: number[] = [];
    const bad = start + 35 * minute + 1;
    const world = new SmallWorld({
      events,
      onRead: (_partition, { since, before }) => {
        asked.push(before - since);
        if (since <= bad && bad < before) throw new CloudflareError('cut', { act: 'retry', hint: 'h', status: 200 });
      },
    });
    await once(world, [plan({ ...overlapping, overlapMs: 0 })]);
    expect(Math.min(...asked)).toBe(minute);
    expect(world.gaps).toHaveLength(1);
    const [lost] = world.gaps;
    expect((lost?.window.before ?? 0) - (lost?.window.since ?? 0)).toBeLessThanOrEqual(2 * minute);
    const kept = due(world).filter((id) => {
      const time = events[Number(id.slice(1))] ?? 0;
      return time < (lost?.window.since ?? 0) || time >= (lost?.window.before ?? 0);
    });
    expect(world.stored()).toEqual(kept);
  });

  it('stops at once when it is asked to', async () => {
    const controller = new AbortController();
    const world = new SmallWorld({ events, onRead: () => controller.abort(new Error('stop')) });
    await expect(collectOnce([plan()], { ports: world.ports(), signal: controller.signal })).rejects.toThrow('stop');
  });
});

describe('a crash at every point', () => {
  async function survive(crashAt: readonly number[], rollOver: boolean): Promise<SmallWorld> {
    const world = new SmallWorld({
      events,
      beforeEffect: (number) => {
        if (crashAt.includes(number)) throw new Crash();
      },
    });
    for (let life = 0; life <= crashAt.length; life += 1) {
      const result = await once(world);
      if (result.failed.length === 0) break;
      if (rollOver) world.rollOver();
      world.now += 30_000;
    }
    return world;
  }

  const effects = 130;

  it.each([false, true])('loses nothing and stores nothing twice (rollover before the restart: %s)', async (rollOver) => {
    for (let first = 1; first <= effects; first += 1) {
      const world = await survive([first, first + 7, first + 8], rollOver);
      expect(world.stored(), `crash before effect ${first}`).toEqual(due(world));
    }
  });
});
