import type { Fault } from '../errors.ts';
import type { PackagePolicy } from './package-policy.ts';

const LONGEST = 64;

/** The policy's name as name of a connection: letters without accents, digits, `_`, `.` and `-`; empty where nothing of it is left. */
export function toConnectionName(policyName: string): string {
  const fit = policyName
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-');
  return fit
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
}

/** The environment variable that holds a secret which Kibana does not show, e.g. `CLOUDFLARE_API_TOKEN_MAIN_EU` for `api_token` of the policy "main (eu)". */
export function toSecretName(variable: string, policyName: string): string {
  return `CLOUDFLARE_${variable}_${toConnectionName(policyName)}`
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/_$/, '')
    .toUpperCase();
}

/** What is wrong with each policy's name, by id: no connection can be called so, or another one would get the same name or the same secrets. */
export function checkNames(policies: readonly PackagePolicy[], taken: readonly string[]): ReadonlyMap<string, Fault> {
  const faults = policies.flatMap((policy): readonly (readonly [string, Fault])[] => {
    const name = toConnectionName(policy.name);
    const others = policies.filter((other) => other.id !== policy.id && toSecretName('', other.name) === toSecretName('', policy.name));
    const fault = (message: string, hint: string): readonly [readonly [string, Fault]] => [[policy.id, { file: toPlace(policy), path: '', message, hint }]];
    if (name === '')
      return fault('its name has no letter or digit that the name of a connection may have', 'Give it a name with letters from A to Z or digits.');
    if (others.length > 0)
      return fault(`its name is too much like that of ${others.map(toPlace).join(' and ')}: their secrets could not be told apart`, 'Rename one of them.');
    if (taken.includes(name)) return fault(`the settings file has a connection ${name} too`, 'Rename the policy, or remove that connection.');
    return [];
  });
  return new Map(faults);
}

/** How a fault names a policy. */
export function toPlace({ name }: Pick<PackagePolicy, 'name'>): string {
  return `policy ${JSON.stringify(name)}`;
}
