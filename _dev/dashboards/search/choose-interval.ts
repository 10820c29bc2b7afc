import type { TimeRange } from './time-range.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY];

const WANTED_BARS = 50;

/** The round step that cuts a time range into about fifty bars, as Kibana does by default. */
export function chooseIntervalMs({ from, to }: TimeRange): number {
  const ideal = (to - from) / WANTED_BARS;
  const farFrom = (step: number): number => Math.abs(Math.log(step / ideal));
  return STEPS.reduce((best, step) => (farFrom(step) < farFrom(best) ? step : best));
}
