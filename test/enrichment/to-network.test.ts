import { expect, it } from 'vitest';
import { toNetwork } from '../../src/enrichment/to-network.ts';

it.each([
  [
    { autonomous_system_number: 64_496, autonomous_system_organization: 'Example' },
    { number: 64_496, organization: { name: 'Example' } },
  ],
  [{ autonomous_system_number: 64_496 }, { number: 64_496 }],
  [{ autonomous_system_organization: 'Example' }, { organization: { name: 'Example' } }],
  [{}, undefined],
])('the network of %j is %j', (record, network) => {
  expect(toNetwork(record)).toEqual(network);
});
