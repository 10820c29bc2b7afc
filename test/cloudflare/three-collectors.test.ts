import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/cloudflare/budget-store.ts';
import { letThreeCollect } from './three-collectors.ts';

describe('three collectors of one user', () => {
  it.each([
    ['half of the requests', 0.5, 600],
    ['all requests', 1, 1200],
  ])(
    'never get a 429 from the simulated API, where they may take %s',
    async (name, share, limit) => {
      const store = createMemoryStore();
      const { statuses, most } = await letThreeCollect(() => store, share);
      console.log(`${name}: ${JSON.stringify({ statuses, most })}`);
      expect(Object.keys(statuses)).toEqual(['200', '408']);
      expect(most.timeouts).toBe(8);
      expect(most.user).toBeLessThanOrEqual(limit);
      expect(most.logpull).toBeLessThanOrEqual(180);
      expect(most.zone).toBe(15);
      // They must not be so careful that nothing is left of the limit.
      expect(statuses[200]).toBeGreaterThan(0.85 * limit * 3);
    },
    120_000,
  );
});
