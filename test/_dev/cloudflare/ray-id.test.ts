import { describe, expect, it } from 'vitest';
import { findPlace, toRayId } from '../../../_dev/cloudflare/logpull/ray-id.ts';

describe('ray ids', () => {
  it('lead back to their place and are all different', () => {
    const seen = new Set<string>();
    for (const second of [1_795_176_000, 1_795_176_001, 2_200_000_000]) {
      for (let index = 0; index < 5000; index++) {
        const rayId = toRayId(0xdeadbeef, { second, index });
        expect(rayId).toMatch(/^[0-9a-f]{16}$/);
        seen.add(rayId);
        if (index % 500 === 0) expect(findPlace(0xdeadbeef, rayId)).toEqual({ second, index });
      }
    }
    expect(seen.size).toBe(15_000);
  });
});
