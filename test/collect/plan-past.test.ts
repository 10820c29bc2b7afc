import { describe, expect, it } from 'vitest';
import { planPast } from '../../src/collect/plan-past.ts';
import { plan } from './life.ts';
import { DAY, HOUR, immutable, MINUTE, mutable, NOON } from './windows.ts';

describe('planPast', () => {
  it('bounds a partition to the interval, and goes on from no other source', () => {
    const planned = { ...plan(mutable), continues: plan(mutable).partition };
    const asked = { since: NOON - 3 * DAY, before: NOON - DAY };
    const past = planPast(planned, asked, NOON);
    expect(past).toMatchObject({ within: asked, goneMs: 0, earlyMs: 0 });
    expect(past.planned?.window).toEqual({ ...mutable, beginsMs: asked.since, endsMs: asked.before });
    expect(past.planned).not.toHaveProperty('continues');
  });

  it('says how much Cloudflare no longer keeps', () => {
    const past = planPast(plan(immutable), { since: NOON - 10 * DAY, before: NOON - DAY }, NOON);
    expect(past).toMatchObject({ goneMs: 3 * DAY + MINUTE, earlyMs: 0, why: 'retention', within: { since: NOON - 7 * DAY + MINUTE, before: NOON - DAY } });
  });

  it('says how much lies before the source began', () => {
    const window = { ...mutable, beginsMs: NOON - 2 * DAY };
    expect(planPast(plan(window), { since: NOON - 10 * DAY, before: NOON - DAY }, NOON)).toMatchObject({ goneMs: 8 * DAY, why: 'begins' });
  });

  it('ends where later events may not be known yet', () => {
    const past = planPast(plan(immutable), { since: NOON - HOUR, before: NOON + DAY }, NOON);
    expect(past).toMatchObject({ goneMs: 0, earlyMs: DAY + 5 * MINUTE, within: { since: NOON - HOUR, before: NOON - 5 * MINUTE } });
  });

  it.each([
    ['behind the retention', { since: NOON - 30 * DAY, before: NOON - 20 * DAY }, { goneMs: 10 * DAY, earlyMs: 0 }],
    ['younger than the lag', { since: NOON - MINUTE, before: NOON }, { goneMs: 0, earlyMs: MINUTE }],
  ])('plans nothing where all of it lies %s', (_name, asked, expected) => {
    expect(planPast(plan(immutable), asked, NOON)).toMatchObject({ planned: undefined, ...expected });
  });
});
