import { describe, expect, it } from 'vitest';
import { collectForever, collectOnce } from '../../src/collect/collect.ts';
import type { Partition, Window } from '../../src/collect/ports.ts';
import { StateError } from '../../src/errors.ts';
import { minute, overlapping, partition, plan, SmallWorld, start } from './small-world.ts';
import { toRefusal } from './trouble.ts';

const hour = 60 * minute;
const key = 'main/default/audit/v1/a';
const never = new AbortController().signal;

/** Runs until the given number of windows is settled; when, since the start, each request was sent. */
async function pollUntil(windows: number, onRead: (count: number) => void): Promise<readonly number[]> {
  const controller = new AbortController();
  const asked: number[] = [];
  let settled = 0;
  const world: SmallWorld = new SmallWorld({
    events: [],
    onRead: () => {
      asked.push(world.now - start - hour);
      onRead(asked.length);
    },
    report: {
      window: () => {
        settled += 1;
        if (settled === windows) controller.abort(new Error('enough'));
      },
    },
  });
  const planned = { ...plan({ ...overlapping, maxMs: 24 * hour }), partition };
  await expect(collectForever([planned], { ports: world.ports(), signal: controller.signal })).rejects.toThrow('enough');
  return asked;
}

describe('collectForever', () => {
  it('polls every interval', async () => {
    expect(await pollUntil(4, () => {})).toEqual([0, 5 * minute, 10 * minute, 15 * minute]);
  });

  it('probes a refused partition after one minute, then ever more seldom up to an hour, and resumes', async () => {
    const asked = await pollUntil(1, (count) => {
      if (count <= 8) throw toRefusal('pause', { status: 403 });
    });
    const pauses = asked.slice(1).map((time, index) => (time - (asked[index] ?? 0)) / minute);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('tries a failing partition again with every poll, so that an outage costs no more than an interval', async () => {
    const asked = await pollUntil(1, (count) => {
      if (count <= 15) throw toRefusal('retry', { status: 502 });
    });
    const pauses = asked.slice(1).map((time, index) => (time - (asked[index] ?? 0)) / minute);
    expect(pauses.filter((pause) => pause >= 1)).toEqual([1, 2, 4, 5, 5]);
  });
});

describe('collectOnce in trouble', () => {
  it('gives up an hour at a time of what Cloudflare refuses as too old, and never asks for it again', async () => {
    const oldest = start + 45 * minute;
    const world = new SmallWorld({
      events: [start - 100 * minute, oldest + 2 * minute, oldest + 6 * minute],
      onRead: (_partition, { since }) => {
        if (since < oldest) throw toRefusal('jump');
      },
    });
    const planned = plan({ ...overlapping, maxMs: 24 * hour });
    await collectOnce([{ ...planned, partition: { ...planned.partition, initialIntervalMs: 3 * hour - 14 * minute } }], {
      ports: world.ports(),
      signal: never,
    });
    expect(world.gaps.map(({ window }) => [window.since, window.before].map((time) => (time - start) / minute))).toEqual([
      [-106, -46],
      [-46, 14],
      [14, 59],
    ]);
    world.now += 10 * minute;
    await collectOnce([planned], { ports: world.ports(), signal: never });
    expect(world.gaps).toHaveLength(3);
  });

  it('says that a first window begins where the retention ends', async () => {
    const begins: number[] = [];
    const world = new SmallWorld({ events: [], report: { shortened: (_partition, since) => begins.push(since) } });
    await collectOnce([plan({ ...overlapping, retentionMs: 20 * minute })], { ports: world.ports(), signal: never });
    expect(begins).toEqual([world.now - 19 * minute]);
    expect(world.gaps).toEqual([]);
  });

  it('stores nothing twice behind a gap, when the index rolls over there', async () => {
    const events = Array.from({ length: 60 }, (_, index) => start + 30 * minute + index * 30_000);
    const bad = start + 41 * minute + 30_000;
    const world: SmallWorld = new SmallWorld({
      events,
      onRead: (_partition, { since, before }) => {
        if (since <= bad && bad < before) throw toRefusal('retry', { status: 200 });
      },
      report: { gap: () => world.rollOver() },
    });
    await collectOnce([plan()], { ports: world.ports(), signal: never });
    const [gap] = world.gaps;
    const lost = (time: number): boolean => gap !== undefined && time >= gap.window.since && time < gap.window.before;
    expect(world.gaps).toHaveLength(1);
    expect(lost(bad)).toBe(true);
    expect(world.stored()).toEqual(events.flatMap((time, index) => (time < world.now - minute && !lost(time) ? [`e${index}`] : [])).sort());
  });

  it('goes on with the length of windows that went well before it was stopped', async () => {
    const asked: number[] = [];
    const world = new SmallWorld({
      events: [],
      onRead: (_partition: Partition, { since, before }: Window) => {
        asked.push(before - since);
        if (before - since > 2 * minute) throw toRefusal('split');
      },
    });
    const immutable = plan({ ...overlapping, overlapMs: 0 });
    await collectOnce([immutable], { ports: world.ports(), signal: never });
    expect(world.checkpoint(key)?.maxWindowMs).toBeLessThan(3 * minute);
    asked.length = 0;
    world.now += 9 * minute;
    await collectOnce([immutable], { ports: world.ports(), signal: never });
    expect(asked[0]).toBeLessThan(3 * minute);
  });

  it('fails where the checkpoint lies in the future, instead of leaving out what happens until then', async () => {
    const errors: unknown[] = [];
    const world = new SmallWorld({ events: [], report: { stopped: (_partition, error) => errors.push(error) } });
    await collectOnce([plan()], { ports: world.ports(), signal: never });
    world.now -= 2 * hour;
    const { failed } = await collectOnce([plan()], { ports: world.ports(), signal: never });
    expect(failed).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(StateError);
    expect(String(errors[0])).toContain('119 minutes in the future');
  });

  it('lets every partition take its turn', async () => {
    const order: string[] = [];
    const world = new SmallWorld({ events: [], onRead: ({ scopeId }) => order.push(scopeId) });
    await collectOnce([plan(overlapping, 'a'), plan(overlapping, 'b'), plan(overlapping, 'c')], { ports: world.ports(), signal: never, concurrency: 1 });
    expect(order.join('')).toBe('abcabcabc');
  });

  it('comes to an end nine seconds after it was asked to stop, even where a request does not', async () => {
    const controller = new AbortController();
    const world = new SmallWorld({ events: [] });
    const hanging = new Promise<never>(() => {});
    const ports = {
      ...world.ports(),
      read: async function* () {
        controller.abort(new Error('stop'));
        yield await hanging;
      },
    };
    const before = world.now;
    await expect(collectOnce([plan()], { ports, signal: controller.signal })).rejects.toThrow('stop');
    expect(world.now - before).toBe(9_000);
  });
});
