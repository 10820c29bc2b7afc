import { PolicyError } from '../errors.ts';
import { listPolicies } from './list-policies.ts';
import type { Kibana } from './open-kibana.ts';
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
export async function readNamespace(kibana: Kibana, policy: PackagePolicy, signal: AbortSignal): Promise<string> {
  const what = `reading the agent policy of ${toPlace(policy)}`;
  const namespaces = new Set<string>();
  for (const id of policy.agentPolicyIds) {
    const path = `/api/fleet/agent_policies/${encodeURIComponent(id)}`;
    const { body, status } = await kibana.request<{ readonly item?: { readonly namespace?: string } } | null>(
      { what, method: 'GET', path, right: RIGHT, allow: [403, 404] },
      signal,
    );
    const namespace = body?.item?.namespace;
    if (namespace === undefined) throw toNamespaceError(policy, `its namespace is that of an agent policy, which cannot be read (Kibana answered ${status})`);
    namespaces.add(namespace);
  }
  const [first, ...more] = namespaces;
  if (more.length > 0) throw toNamespaceError(policy, `its agent policies have the namespaces ${[...namespaces].join(', ')}`);
  return first ?? 'default';
}

function toNamespaceError(policy: PackagePolicy, message: string): PolicyError {
  return new PolicyError([{ file: toPlace(policy), path: '', message, hint: 'Give the policy itself a namespace, under its advanced options.' }]);
}
