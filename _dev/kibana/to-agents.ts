import type { PackagePolicy } from './package-policy.ts';
import type { World } from './world.ts';

/** How many agents run an integration policy. */
export function toAgents({ policy_ids: ids }: Pick<PackagePolicy, 'policy_ids'>, { agentPolicies }: World): number {
  return ids.reduce((sum, id) => sum + (agentPolicies.get(id)?.agents ?? 0), 0);
}
