import { expect } from 'vitest';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import type { Scene } from './open-scene.ts';
import { openSmallWorld, type SmallWorld } from './small-world.ts';

/** Opens a world for one act and closes it; a fault of the simulation itself fails the test. */
export async function withSmallWorld(scene: Scene, options: CloudflareOptions, act: (world: SmallWorld) => Promise<void>): Promise<void> {
  const world = await openSmallWorld(scene, options);
  try {
    await act(world);
    expect(world.cloudflare.ledger.bugs).toEqual([]);
  } finally {
    await world.close();
  }
}
