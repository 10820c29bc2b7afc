import { describe, expect, it } from 'vitest';
import { nextWindow, type WindowState } from '../../src/collect/next-window.ts';
import type { WindowDefinition } from '../../src/definition/definition.ts';

const now = Date.parse('2026-11-21T10:00:00.500Z');
const at = (text: string): number => Date.parse(`2026-11-21T${text}Z`);
const hour = 3_600_000;
const minute = 60_000;

const audit: WindowDefinition = {
  since: 'since',
  before: 'before',
  inclusive: 'both',
  maxMs: 24 * hour,
  retentionMs: 545 * 24 * hour,
  lagMs: minute,
  overlapMs: 5 * minute,
};
const logpull: WindowDefinition = { since: 'start', before: 'end', inclusive: 'since', maxMs: hour, retentionMs: 167 * hour, lagMs: 5 * minute, overlapMs: 0 };

interface Case {
  readonly name: string;
  readonly definition: WindowDefinition;
  readonly state: Partial<WindowState>;
  readonly expected: object;
}

const cases: readonly Case[] = [
  {
    name: 'the first window reaches back by the initial interval, without an overlap',
    definition: logpull,
    state: { initialIntervalMs: hour },
    expected: {
      kind: 'window',
      settles: { since: at('09:00:00'), before: at('09:55:00') },
      read: { since: at('09:00:00'), before: at('09:55:00') },
      newest: true,
    },
  },
  {
    name: 'a later window goes on where the last one ended',
    definition: logpull,
    state: { until: at('09:50:00') },
    expected: {
      kind: 'window',
      settles: { since: at('09:50:00'), before: at('09:55:00') },
      read: { since: at('09:50:00'), before: at('09:55:00') },
      newest: true,
    },
  },
  {
    name: 'a mutable source is read again behind the checkpoint',
    definition: audit,
    state: { until: at('09:50:00') },
    expected: {
      kind: 'window',
      settles: { since: at('09:50:00'), before: at('09:59:00') },
      read: { since: at('09:45:00'), before: at('09:59:00') },
      newest: true,
    },
  },
  {
    name: 'a backlog is cut at the longest window',
    definition: logpull,
    state: { until: at('05:00:00') },
    expected: { kind: 'window', settles: { since: at('05:00:00'), before: at('06:00:00') }, newest: false },
  },
  {
    name: 'a source in trouble gets shorter windows',
    definition: logpull,
    state: { until: at('05:00:00'), maxMs: 10 * minute },
    expected: { kind: 'window', settles: { since: at('05:00:00'), before: at('05:10:00') }, newest: false },
  },
  { name: 'nothing is younger than the lag', definition: logpull, state: { until: at('09:55:00') }, expected: { kind: 'wait', until: at('10:00:01') } },
  { name: 'a clock that was set back waits', definition: logpull, state: { until: at('10:04:00') }, expected: { kind: 'wait', until: at('10:09:01') } },
  {
    name: 'a checkpoint in the future is no reason to leave out what happens until then',
    definition: logpull,
    state: { until: at('11:00:00') },
    expected: { kind: 'ahead', byMs: hour - 500 },
  },
  {
    name: 'an initial interval shorter than the lag begins with a second, so that there is a checkpoint',
    definition: logpull,
    state: { initialIntervalMs: minute },
    expected: { kind: 'window', settles: { since: at('09:54:59'), before: at('09:55:00') }, newest: true },
  },
  {
    name: 'the overlap never reaches behind what was given up',
    definition: audit,
    state: { until: at('09:50:00'), floor: at('09:49:00') },
    expected: { kind: 'window', settles: { since: at('09:50:00') }, read: { since: at('09:49:00'), before: at('09:59:00') } },
  },
  {
    name: 'a checkpoint just inside the retention is no gap',
    definition: logpull,
    state: { until: now - 500 - 167 * hour + minute },
    expected: { kind: 'window', settles: { since: now - 500 - 167 * hour + minute } },
  },
  {
    name: 'nothing is asked for from before the endpoint holds anything',
    definition: { ...audit, beginsMs: at('09:00:00') },
    state: { initialIntervalMs: 5 * hour },
    expected: { kind: 'window', settles: { since: at('09:00:00'), before: at('09:59:00') } },
  },
  {
    name: 'what Cloudflare no longer keeps is a gap',
    definition: logpull,
    state: { until: now - 200 * hour - 500 },
    expected: { kind: 'gap', lost: { since: now - 200 * hour - 500, before: now - 500 - 167 * hour + minute } },
  },
  {
    name: 'a first window that reaches behind the retention is shortened, and nothing is lost',
    definition: logpull,
    state: { initialIntervalMs: 400 * hour },
    expected: { kind: 'window', settles: { since: now - 500 - 167 * hour + minute, before: now - 500 - 166 * hour + minute }, newest: false },
  },
  {
    name: 'the overlap never reaches behind the retention',
    definition: { ...audit, retentionMs: hour },
    state: { until: at('09:02:00') },
    expected: { kind: 'window', read: { since: at('09:01:00'), before: at('09:59:00') } },
  },
];

describe('nextWindow', () => {
  it.each(cases)('$name', ({ definition, state, expected }) => {
    expect(nextWindow(definition, { now, until: undefined, initialIntervalMs: hour, ...state })).toMatchObject(expected);
  });

  it('cuts consecutive windows without gap or overlap, whatever the clock does', () => {
    let until: number | undefined;
    let clock = now;
    const windows: { since: number; before: number }[] = [];
    for (let round = 0; round < 200; round += 1) {
      clock += (round % 7) * 13_337 - (round % 11 === 0 ? 20_000 : 0);
      const next = nextWindow(logpull, { now: clock, until, initialIntervalMs: 5 * hour });
      if (next.kind !== 'window') continue;
      windows.push(next.settles);
      until = next.settles.before;
    }
    expect(windows.length).toBeGreaterThan(50);
    for (const [index, window] of windows.entries()) {
      expect(window.before).toBeGreaterThan(window.since);
      if (index > 0) expect(window.since).toBe(windows[index - 1]?.before);
    }
  });
});
