import type { PackageForm } from './fetch-form.ts';
import type { StoredPolicy } from './list-policies.ts';

/** Names of a form's variables that are secret. */
export function toSecretNames({ inputs, variables }: PackageForm): ReadonlySet<string> {
  const all = [variables, ...inputs.flatMap((input) => [input.variables, ...input.streams.map((stream) => stream.variables)])].flat();
  return new Set(all.filter(({ secret }) => secret).map(({ name }) => name));
}

/** Whether a saved policy shows secrets: Fleet keeps them apart only once it has a Fleet Server of 8.10 or newer. */
export function hasReadableSecrets(form: PackageForm, { inputs = {}, vars = {} }: Pick<StoredPolicy, 'inputs' | 'vars'>): boolean {
  const names = toSecretNames(form);
  const all = Object.values(inputs).flatMap((input) => [input.vars ?? {}, ...Object.values(input.streams ?? {}).map((stream) => stream.vars ?? {})]);
  return [vars, ...all].some((values) => Object.entries(values).some(([name, value]) => names.has(name) && typeof value === 'string' && value !== ''));
}
