import { describe, expect, it } from 'vitest';
import { createClock } from '../../../_dev/cloudflare/clock.ts';

describe('createClock', () => {
  it('runs at its speed, also after a change of it', () => {
    let wall = 1000;
    const clock = createClock({ start: 50_000, speed: 60, wall: () => wall });
    wall += 100;
    expect(clock.now()).toBe(56_000);
    clock.setSpeed(1);
    expect(clock.now()).toBe(56_000);
    wall += 100;
    expect(clock.now()).toBe(56_100);
    expect(clock.speed()).toBe(1);
  });

  it('can stand still, be set and be moved', () => {
    const clock = createClock({ start: 5, speed: 0 });
    clock.advance(10);
    expect(clock.now()).toBe(15);
    clock.set(7);
    expect(clock.now()).toBe(7);
  });
});
