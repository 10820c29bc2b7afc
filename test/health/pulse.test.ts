import { describe, expect, it } from 'vitest';
import { createPulse } from '../../src/health/pulse.ts';
import { partition } from './small-book.ts';

const never = new AbortController().signal;

describe('the pulse', () => {
  it('is still from the moment on at which a sleep should have ended', async () => {
    let now = 1_000;
    const pulse = createPulse(() => now);
    const watched = pulse.watch({ sleep: async (_ms: number, _signal: AbortSignal) => {}, random: () => 0.5 });
    expect(watched.random()).toBe(0.5);
    await watched.sleep(60_000, never);
    now += 60_000;
    expect(pulse.stillMs()).toBe(0);
    now += 5_000;
    expect(pulse.stillMs()).toBe(5_000);
  });

  it('beats with each window that is asked for and each batch', async () => {
    let now = 0;
    const pulse = createPulse(() => now);
    const read = pulse.watchRead(async function* () {
      now += 10;
      yield [];
      now += 20;
    });
    now = 100;
    expect(pulse.stillMs()).toBe(100);
    const batches = read(partition, { since: 0, before: 1 }, never)[Symbol.asyncIterator]();
    await batches.next();
    expect(pulse.stillMs()).toBe(0);
    await batches.next();
    expect(pulse.stillMs()).toBe(20);
  });
});
