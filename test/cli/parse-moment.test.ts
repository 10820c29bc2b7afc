import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../src/cli/parse-moment.ts';

const NOW = Date.parse('2026-11-25T12:00:00.250Z');

describe('parseMoment', () => {
  it.each<[string, string | undefined]>([
    ['now', '2026-11-25T12:00:00.250Z'],
    ['7d', '2026-11-18T12:00:00.250Z'],
    ['1h30m', '2026-11-25T10:30:00.250Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T08:00:00Z', '2026-11-01T08:00:00.000Z'],
    ['2026-11-01T08:00:00+02:00', '2026-11-01T06:00:00.000Z'],
    ['2026-11-01T08:00:00.123456Z', '2026-11-01T08:00:00.123Z'],
    ['2026-11-01T08:00', undefined],
    ['2026-02-30', undefined],
    ['2026-13-01', undefined],
    ['7', undefined],
    ['1795082401', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => {
    const moment = parseMoment(text, NOW);
    expect(moment === undefined ? undefined : new Date(moment).toISOString()).toBe(expected);
  });
});
