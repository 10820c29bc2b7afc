import { expect, it } from 'vitest';
import { renderDuration } from '../../src/compile/render-duration.ts';

it.each([
  [0, 'none'],
  [1, '1 millisecond'],
  [1_500, '1500 milliseconds'],
  [60_000, '1 minute'],
  [90_000, '90 seconds'],
  [86_400_000, '1 day'],
  [167 * 3_600_000, '167 hours'],
])('renders %d ms as %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text);
});
