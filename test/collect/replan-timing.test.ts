import { afterEach, describe, expect, it } from 'vitest';
import { collectForever } from '../../src/collect/collect.ts';
import type { PlannedPartition } from '../../src/collect/plan-partitions.ts';
import { CloudflareError } from '../../src/errors.ts';
import { VirtualTime } from '../elasticsearch/virtual-clock.ts';
import { minute, overlapping, plan, SmallWorld, start } from './small-world.ts';

const STEP = 10_000;
const a = plan(overlapping, 'a');
const slow: PlannedPartition = { ...a, partition: { ...a.partition, intervalMs: 600 * minute } };

interface Running {
  /** Plans this from its next minute on. */
  readonly replan: (planned: readonly PlannedPartition[]) => void;
  readonly pass: (ms: number) => Promise<void>;
  /** How many windows were asked for. */
  readonly reads: () => number;
  /** Lets no window through until it is called; resolves when one waits. */
  readonly hold: () => { readonly held: Promise<void>; readonly release: () => void };
}

let stop: (() => Promise<void>) | undefined;

/** Collects one partition in virtual time, asking for a plan each minute. */
function collect(first: PlannedPartition, onRead: () => void = () => {}): Running {
  const time = new VirtualTime();
  let reads = 0;
  let gate: Promise<void> = Promise.resolve();
  let onHeld = (): void => {};
  const world = new SmallWorld({
    events: [start],
    onRead: () => {
      reads += 1;
      onRead();
    },
  });
  const base = world.now;
  const ports = world.ports();
  const read: typeof ports.read = async function* (...given) {
    onHeld();
    await gate;
    yield* ports.read(...given);
  };
  let planned: readonly PlannedPartition[] = [first];
  const controller = new AbortController();
  const replanning = { afterMs: () => minute, plan: async () => planned };
  const timed = { ...ports, read, now: () => base + time.now, sleep: time.clock().sleep };
  const ended = collectForever([first], { ports: timed, signal: controller.signal, replanning }).catch(() => {});
  stop = async () => {
    controller.abort(new Error('the test is over'));
    await ended;
  };
  return {
    replan: (next) => {
      planned = next;
    },
    pass: (ms) => time.pass(ms, STEP),
    reads: () => reads,
    hold: () => {
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        onHeld = resolve;
      });
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return { held, release };
    },
  };
}

afterEach(async () => {
  await stop?.();
});

describe('a plan that changes what a partition does', () => {
  it('is followed at once, though the rest of the former interval has hours to go', async () => {
    const { pass, reads, replan } = collect(slow);
    await pass(10 * minute);
    const before = reads();
    expect(before).toBeGreaterThan(0);
    await pass(60 * minute);
    expect(reads()).toBe(before);
    replan([a]);
    await pass(minute + STEP);
    expect(reads()).toBeGreaterThan(before);
    const then = reads();
    await pass(15 * minute);
    expect(reads()).toBeGreaterThanOrEqual(then + 2);
  });

  it('is followed after the window under way, which ends as it began', async () => {
    const { hold, pass, reads, replan } = collect(a);
    await pass(10 * minute);
    const { held, release } = hold();
    await Promise.all([held, pass(6 * minute)]);
    replan([slow]);
    await pass(2 * minute);
    const before = reads();
    release();
    // The window under way, and the one that the new plan begins with.
    await pass(60 * minute);
    expect(reads()).toBeGreaterThan(before);
    expect(reads()).toBeLessThanOrEqual(before + 8);
    const then = reads();
    await pass(60 * minute);
    expect(reads()).toBe(then);
  });

  it('lets a paused partition try at once where its connection was opened anew, and no sooner otherwise', async () => {
    let refused = true;
    const { pass, reads, replan } = collect(a, () => {
      if (refused) throw new CloudflareError('Cloudflare answered 403', { act: 'pause', hint: 'grant', status: 403 });
    });
    // Tried after 1, 3, 7, 15, 31, 63 and 123 minutes.
    await pass(125 * minute);
    expect(reads()).toBe(8);
    replan([{ ...a }]);
    await pass(30 * minute);
    expect(reads()).toBe(8);
    refused = false;
    replan([{ ...a, revision: 1 }]);
    await pass(minute + STEP);
    expect(reads()).toBeGreaterThan(8);
  });
});
