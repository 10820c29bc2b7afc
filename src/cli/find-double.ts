import type { ConnectionSettings } from '../settings/settings.ts';

/** What two connections would both collect. */
interface Double {
  readonly stream: string;
  readonly scopeId: string;
  /** The other one, as messages name it. */
  readonly by: string;
}

/** The first account or zone whose events one of the others already brings into the same data stream. What `all` stands for is not known here. */
export function findDouble({ namespace, streams }: ConnectionSettings, others: readonly ConnectionSettings[]): Double | undefined {
  for (const other of others.filter((candidate) => candidate.namespace === namespace)) {
    for (const { stream, scopeIds } of streams) {
      const taken = other.streams.find((candidate) => candidate.stream === stream)?.scopeIds ?? [];
      const scopeId = scopeIds.find((id) => taken.includes(id));
      if (scopeId !== undefined)
        return { stream, scopeId, by: other.policy === undefined ? `the connection ${other.name}` : `the policy ${JSON.stringify(other.policy)}` };
    }
  }
  return undefined;
}
