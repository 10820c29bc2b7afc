import { describe, expect, it } from 'vitest';
import { parseDateOrDateTime, parseDateTime, parseLogpullTime, renderMicros, toMicrosCeil } from '../../../_dev/cloudflare/times.ts';

describe('times', () => {
  it.each([
    ['2026-11-20T12:00:00Z', 1795176000000000000n],
    ['2026-11-20T13:00:00+01:00', 1795176000000000000n],
    ['2026-11-20T12:00:00.000000001Z', 1795176000000000001n],
    ['2026-11-20t12:00:00.5z', 1795176000500000000n],
    ['2026-11-31T12:00:00Z', undefined],
    ['2026-11-20 12:00:00Z', undefined],
    ['2026-11-20T12:00:00', undefined],
    ['2026-11-20', undefined],
    ['', undefined],
  ])('reads the date-time %j', (text, nanos) => expect(parseDateTime(text)).toBe(nanos));

  it('reads a date as its midnight', () => expect(parseDateOrDateTime('2026-11-20')).toBe(1795132800000000000n));

  it.each([
    ['1795176000', 1795176000000000000n],
    ['1795176000123456789', 1795176000123456789n],
    ['2026-11-20T12:00:00Z', 1795176000000000000n],
    ['1795176000.5', undefined],
    ['yesterday', undefined],
  ])('reads the Logpull time %j', (text, nanos) => expect(parseLogpullTime(text)).toBe(nanos));

  it('rounds up to microseconds', () => {
    expect(toMicrosCeil(5000n)).toBe(5);
    expect(toMicrosCeil(5001n)).toBe(6);
  });

  it('renders whole seconds without a fraction and others with six digits', () => {
    expect(renderMicros(1795176000000000)).toBe('2026-11-20T12:00:00Z');
    expect(renderMicros(1795176000000007)).toBe('2026-11-20T12:00:00.000007Z');
  });
});
