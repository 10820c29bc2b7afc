import { describe, expect, it } from 'vitest';
import { collectForever } from '../../src/collect/collect.ts';
import type { CollectPorts } from '../../src/collect/partition-run.ts';
import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import { ElasticsearchError, StateError } from '../../src/errors.ts';
import { minute, overlapping, plan, SmallWorld, start } from './small-world.ts';

const events = Array.from({ length: 30 }, (_, index) => start + 30 * minute + index * minute);
const [a, b] = [plan(overlapping, 'a'), plan(overlapping, 'b')];

/** Wakes up with each window. */
class Windows {
  readonly read: string[] = [];
  #told: (() => void)[] = [];

  add(scopeId: string): void {
    this.read.push(scopeId);
    for (const tell of this.#told.splice(0)) tell();
  }

  /** Resolves when that many more windows of the partition are read. */
  async more(scopeId: string, count: number): Promise<void> {
    const from = this.read.length;
    while (this.read.slice(from).filter((id) => id === scopeId).length < count) await new Promise<void>((resolve) => this.#told.push(resolve));
  }
}

interface Collected {
  readonly windows: Windows;
  readonly stopped: readonly string[];
  readonly endedScopes: readonly string[];
  readonly world: SmallWorld;
  /** Rejects when the collection ends. */
  readonly ended: Promise<void>;
}

/** Collects until the plans are at their end. */
function collect(
  first: readonly PlannedPartition[],
  plans: (windows: Windows) => AsyncGenerator<readonly PlannedPartition[]>,
  store?: CollectPorts['store'],
): Collected {
  const windows = new Windows();
  const stopped: string[] = [];
  const endedScopes: string[] = [];
  const world = new SmallWorld({
    events,
    report: {
      window: ({ scopeId }) => windows.add(scopeId),
      stopped: ({ scopeId }, error) => stopped.push(`${scopeId}: ${String(error)}`),
      ended: ({ scopeId }) => endedScopes.push(scopeId),
    },
  });
  const ports = world.ports();
  const controller = new AbortController();
  const steps = plans(windows);
  const replanning = {
    afterMs: () => 15 * minute,
    plan: async () => {
      const { done, value } = await steps.next();
      if (!done) return value;
      controller.abort(new Error('the plans are at their end'));
      return first;
    },
  };
  const ended = collectForever(first, { ports: { ...ports, ...(store === undefined ? {} : { store }) }, signal: controller.signal, replanning });
  return { windows, stopped, endedScopes, world, ended };
}

describe('a plan that changes while it is worked on', () => {
  it('begins what is new, and gives what is gone no further turn', async () => {
    let goneAt = 0;
    const { ended, endedScopes, windows } = collect([a], async function* (seen) {
      await seen.more('a', 2);
      expect(seen.read).not.toContain('b');
      yield [a, b];
      await seen.more('b', 2);
      await seen.more('a', 2);
      yield [b];
      await seen.more('b', 1);
      goneAt = seen.read.length;
      await seen.more('b', 3);
    });
    await expect(ended).rejects.toThrow('the plans are at their end');
    expect(goneAt).toBeGreaterThan(5);
    expect(windows.read.slice(goneAt)).not.toContain('a');
    expect(endedScopes[0]).toBe('a');
  });

  it('begins with nothing, ends with nothing, and takes one up where it stopped', async () => {
    const { ended, world } = collect([], async function* (seen) {
      yield [a];
      await seen.more('a', 2);
      yield [];
      yield [a];
      await seen.more('a', 2);
    });
    await expect(ended).rejects.toThrow('the plans are at their end');
    expect(world.gaps).toEqual([]);
    expect(new Set(world.stored()).size).toBe(world.stored().length);
  });

  it('goes on with the others where a checkpoint cannot be had for now, and tries the next time', async () => {
    let away = true;
    const inner = new SmallWorld({ events }).ports().store;
    const store: CollectPorts['store'] = {
      ...inner,
      load: async (key) => {
        if (key.endsWith('/b') && away) throw new ElasticsearchError('no answer', { hint: 'wait', retryable: true });
        return inner.load(key);
      },
    };
    const { ended, windows, stopped } = collect(
      [a],
      async function* (seen) {
        yield [a, b];
        await seen.more('a', 2);
        away = false;
        yield [a, b];
        await seen.more('b', 1);
      },
      store,
    );
    await expect(ended).rejects.toThrow('the plans are at their end');
    expect(stopped).toEqual(['b: ElasticsearchError: no answer']);
    expect(windows.read).toContain('b');
  });

  it('ends where a checkpoint cannot be used', async () => {
    const inner = new SmallWorld({ events }).ports().store;
    const store: CollectPorts['store'] = {
      ...inner,
      load: async (key) => {
        if (key.endsWith('/b')) throw new StateError('of another version', { hint: 'look' });
        return inner.load(key);
      },
    };
    const { ended } = collect(
      [a],
      async function* (seen) {
        yield [a, b];
        await seen.more('a', 100);
      },
      store,
    );
    await expect(ended).rejects.toThrow('of another version');
  });
});
