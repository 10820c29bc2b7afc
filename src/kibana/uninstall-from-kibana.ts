import { KibanaError } from '../errors.ts';
import { errorHints } from './error-hints.ts';
import { fetchInstalled } from './fetch-installed.ts';
import { fetchVersion } from './fetch-version.ts';
import { listPolicies } from './list-policies.ts';
import type { Kibana } from './open-kibana.ts';

interface UninstallOptions {
  /** Delete the package's integration policies too. @default false */
  readonly deletePolicies?: boolean;
  readonly signal?: AbortSignal;
}

/** One thing that was removed, in order. */
export interface Removed {
  readonly act: 'delete';
  readonly kind: 'package' | 'integration policy';
  readonly name: string;
}

/**
 * Removes a package through Kibana's Fleet; the collected events stay.
 * @returns what was removed: nothing where the package is not installed
 * @throws KibanaError where it has integration policies that are not to be deleted, or Kibana refuses; InterruptedError
 */
export async function uninstallFromKibana(kibana: Kibana, packageName: string, options: UninstallOptions = {}): Promise<readonly Removed[]> {
  const { deletePolicies = false, signal } = options;
  await fetchVersion(kibana, signal);
  const installed = await fetchInstalled(kibana, packageName, signal);
  if (installed === undefined) return [];
  const policies = await listPolicies(kibana, ['package.name', packageName], { signal });
  if (policies.length > 0 && !deletePolicies) {
    const names = policies.map(({ name }) => name).join(', ');
    throw new KibanaError(`removing the package ${packageName}: it has the integration policies ${names}`, { reason: 'in-use', hint: errorHints.inUse });
  }
  // Kibana itself deletes only those that no agent runs.
  for (const { id, name } of policies) {
    await kibana.request(
      { what: `deleting the integration policy ${name}`, method: 'DELETE', path: `/api/fleet/package_policies/${encodeURIComponent(id)}` },
      signal,
    );
  }
  const path = `/api/fleet/epm/packages/${encodeURIComponent(packageName)}/${encodeURIComponent(installed.version)}`;
  await kibana.request({ what: `removing the package ${packageName}`, method: 'DELETE', path, timeoutMs: 600_000 }, signal);
  const removed = policies.map(({ name }) => ({ act: 'delete', kind: 'integration policy', name }) as const);
  return [...removed, { act: 'delete', kind: 'package', name: `${packageName} ${installed.version}` }];
}
