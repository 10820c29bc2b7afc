import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endAtLatest, interruptible } from '../../src/cli/signals.ts';
import { InterruptedError } from '../../src/errors.ts';

describe('a process that is asked to stop', () => {
  it.each(['SIGINT', 'SIGTERM'])('is told so by %s', (name) => {
    const source = new EventEmitter();
    const signal = interruptible(source);
    expect(signal.aborted).toBe(false);
    source.emit(name);
    expect(signal.reason).toBeInstanceOf(InterruptedError);
    expect(source.listenerCount(name), 'the second one ends it, as by default').toBe(0);
  });

  it('is ended that long after, and not before it was asked', async () => {
    const source = new EventEmitter();
    const signal = interruptible(source);
    const ends = new EventEmitter();
    const ended = once(ends, 'end');
    let asked = false;
    endAtLatest(signal, 20, () => ends.emit('end', asked));
    asked = true;
    const began = performance.now();
    source.emit('SIGTERM');
    // An unreferenced timer keeps no test alive.
    const alive = setTimeout(() => {}, 10_000);
    expect(await ended.finally(() => clearTimeout(alive))).toEqual([true]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(19);
  });
});
