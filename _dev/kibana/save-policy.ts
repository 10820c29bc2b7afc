import { randomUUID } from 'node:crypto';
import { checkValues } from './check-values.ts';
import { compileStreams } from './compile-streams.ts';
import { fillForm, type PolicyBody } from './make-policy.ts';
import type { InstalledPackage } from './package-info.ts';
import type { PackagePolicy } from './package-policy.ts';
import { Refused } from './reply.ts';
import { hideSecrets, toSecretIds } from './secrets.ts';
import type { World } from './world.ts';

interface Saving {
  readonly body: PolicyBody;
  readonly space: string;
  readonly username: string;
  /** Present where one is replaced. */
  readonly stored?: PackagePolicy;
}

/**
 * Saves an integration policy, new or in place of a stored one, whose parts that are not given come from the package's defaults.
 * @throws {Refused} for what Fleet refuses
 */
export function savePolicy({ body, space, stored, username }: Saving, world: World): PackagePolicy {
  const found = findPackage(body, world);
  const { info } = found;
  const form = fillForm(info, body);
  const ids = toPolicyIds(body);
  checkAgentPolicies(ids, world);
  checkName(body, { space, id: stored?.id }, world);
  if (!/^[^A-Z\\/*?"<>| ,#:-]{0,100}$/.test(body.namespace ?? '')) throw new Refused(400, 'Namespace contains invalid characters');
  checkValues(info, form);
  const hidden = compileStreams(found, hideSecrets(info, form, world));
  const now = new Date().toISOString();
  const kept = toSecretIds(hidden);
  for (const { id } of stored?.secret_references ?? []) if (!kept.includes(id)) world.secrets.delete(id);
  const policy: PackagePolicy = {
    id: stored?.id ?? body.id ?? randomUUID(),
    name: body.name.trim(),
    ...(body.description === undefined ? {} : { description: body.description }),
    namespace: body.namespace ?? '',
    enabled: true,
    policy_id: ids[0] ?? null,
    policy_ids: ids,
    package: { name: info.name, title: info.title, version: info.version },
    ...hidden,
    ...(kept.length === 0 ? {} : { secret_references: kept.map((id) => ({ id })) }),
    spaceIds: stored?.spaceIds ?? [space],
    version: Buffer.from(now).toString('base64'),
    revision: (stored?.revision ?? 0) + 1,
    created_at: stored?.created_at ?? now,
    created_by: stored?.created_by ?? username,
    updated_at: now,
    updated_by: username,
  };
  world.policies.set(policy.id, policy);
  return policy;
}

function findPackage({ package: { name, version } }: PolicyBody, { packages }: World): InstalledPackage {
  const found = packages.get(name);
  if (found === undefined || found.info.version !== version) throw new Refused(404, `[${name}-${version}] package not found in registry`);
  return found;
}

/** Without a list, an agent policy that does not exist is looked for. */
function toPolicyIds({ policy_id: id, policy_ids: ids }: PolicyBody): readonly string[] {
  if (ids !== undefined) return ids;
  if (typeof id === 'string') return [id];
  throw new Refused(404, 'Agent policy not found');
}

function checkAgentPolicies(ids: readonly string[], { agentPolicies, license }: World): void {
  if (ids.length !== 1 && license !== 'enterprise') throw new Refused(400, 'Reusable integration policies are only available with an Enterprise license');
  if (ids.some((id) => !agentPolicies.has(id))) throw new Refused(404, 'Agent policy not found');
}

function checkName({ name }: PolicyBody, own: { readonly space: string; readonly id: string | undefined }, { policies }: World): void {
  const taken = [...policies.values()].some(
    ({ id, name: other, spaceIds = ['default'] }) => id !== own.id && other === name.trim() && spaceIds.includes(own.space),
  );
  if (taken) throw new Refused(409, `An integration policy with the name ${name} already exists. Please rename it or choose a different name.`);
}
