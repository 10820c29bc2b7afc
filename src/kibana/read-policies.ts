import { PolicyError } from '../errors.ts';
import { listPolicies } from './list-policies.ts';
import type { Kibana, KibanaAnswer } from './open-kibana.ts';
import { type PackagePolicy, toPackagePolicy } from './package-policy.ts';
import { toPlace } from './policy-names.ts';

const RIGHT = 'the Kibana privileges "Integrations: Read" and "Fleet: Read" (Agent policies)';

/**
 * Every saved integration policy of a package, by name, with how many agents collect with it.
 * @throws KibanaError
 */
export async function readPolicies(kibana: Kibana, packageName: string, signal: AbortSignal): Promise<readonly PackagePolicy[]> {
  const listed = await listPolicies(kibana, ['package.name', packageName], { signal, withAgentCount: true, right: RIGHT });
  return listed.map(toPackagePolicy).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The namespace of the agent policies that a policy belongs to.
 * @throws PolicyError where they have several, or may not be read; KibanaError where Kibana cannot be asked
 */
export type ReadNamespace = (policy: PackagePolicy) => Promise<string>;

/** Makes the function that reads namespaces; it asks for each agent policy once. */
export function createReadNamespace(kibana: Kibana, signal: AbortSignal): ReadNamespace {
  const asked = new Map<string, Promise<AgentPolicyAnswer>>();
  const ask = (id: string, what: string): Promise<AgentPolicyAnswer> => {
    const path = `/api/fleet/agent_policies/${encodeURIComponent(id)}`;
    const answer = asked.get(id) ?? kibana.request<AgentPolicyAnswer['body']>({ what, method: 'GET', path, right: RIGHT, allow: [403, 404] }, signal);
    asked.set(id, answer);
    return answer;
  };
  return async (policy) => {
    const namespaces = new Set<string>();
    for (const id of policy.agentPolicyIds) {
      const { body, status } = await ask(id, `reading the agent policy of ${toPlace(policy)}`);
      const namespace = body?.item?.namespace;
      if (namespace === undefined) throw toNamespaceError(policy, `its namespace is that of an agent policy, which cannot be read (Kibana answered ${status})`);
      namespaces.add(namespace);
    }
    const [first, ...more] = namespaces;
    if (more.length > 0) throw toNamespaceError(policy, `its agent policies have the namespaces ${[...namespaces].join(', ')}`);
    return first ?? 'default';
  };
}

type AgentPolicyAnswer = KibanaAnswer<{ readonly item?: { readonly namespace?: string } } | null>;

function toNamespaceError(policy: PackagePolicy, message: string): PolicyError {
  return new PolicyError([{ file: toPlace(policy), path: '', message, hint: 'Give the policy itself a namespace, under its advanced options.' }]);
}
