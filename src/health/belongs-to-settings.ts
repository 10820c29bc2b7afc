import type { PlannedConnection } from '../collect/plan-partitions.ts';
import { chooseSources } from '../definition/choose-sources.ts';
import type { PackageDefinition } from '../definition/definition.ts';
import type { Place } from './status-report.ts';

/** Makes the function that tells whether a partition of the state is still one of the settings; where these name no accounts or zones, any of them is. */
export function createBelongs(connections: readonly PlannedConnection[], definition: PackageDefinition): (place: Place) => boolean {
  return ({ connection, namespace, stream, source, scopeId }) => {
    const settings = connections.find((candidate) => candidate.name === connection && candidate.namespace === namespace);
    const planned = settings?.streams.find((candidate) => candidate.stream === stream);
    const declared = definition.streams.find(({ name }) => name === stream);
    if (planned === undefined || declared === undefined) return false;
    const chosen = chooseSources(declared, planned.choices).find(({ name }) => name === source);
    return chosen !== undefined && (chosen.scope === 'user' || planned.scopeIds.length === 0 || planned.scopeIds.includes(scopeId));
  };
}
