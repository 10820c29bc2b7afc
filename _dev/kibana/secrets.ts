import { randomUUID } from 'node:crypto';
import type { FilledForm } from './make-policy.ts';
import type { PackageInfo, VarInfo } from './package-info.ts';
import type { PolicyVar, PolicyVars } from './package-policy.ts';
import type { World } from './world.ts';

/** Stands in a policy for a secret that is kept elsewhere. */
export interface SecretRef {
  readonly isSecretRef: true;
  readonly id?: string;
  readonly ids?: readonly string[];
}

/** Whether a value stands for a secret. */
export function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === 'object' && value !== null && (value as Partial<SecretRef>).isSecretRef === true;
}

/** The form with references in place of new secrets, whose values are put away. */
export function hideSecrets(info: PackageInfo, form: FilledForm, world: Pick<World, 'secrets' | 'secretStorage'>): FilledForm {
  if (!world.secretStorage) return form;
  const names = toSecretNames(info);
  const hide = (vars: PolicyVars | undefined): { readonly vars?: PolicyVars } =>
    vars === undefined
      ? {}
      : { vars: Object.fromEntries(Object.entries(vars).map(([name, one]) => [name, names.has(name) ? hideOne(one, world.secrets) : one])) };
  const inputs = form.inputs.map((input) => ({ ...input, ...hide(input.vars), streams: input.streams.map((stream) => ({ ...stream, ...hide(stream.vars) })) }));
  return { ...form, inputs, ...hide(form.vars) };
}

/** Names say enough here: a form has no two variables of one name of which only one is secret. */
function toSecretNames(info: PackageInfo): ReadonlySet<string> {
  const inputs = info.policy_templates.flatMap((template) => template.inputs ?? []);
  const streams = info.data_streams.flatMap((stream) => stream.streams ?? []);
  const all: readonly VarInfo[] = [...(info.vars ?? []), ...[...inputs, ...streams].flatMap((one) => one.vars ?? [])];
  return new Set(all.filter(({ secret }) => secret === true).map(({ name }) => name));
}

function hideOne(one: PolicyVar, secrets: Map<string, string>): PolicyVar {
  const { value } = one;
  if (value === undefined || value === null || value === '' || isSecretRef(value)) return one;
  const put = (text: unknown): string => {
    const id = randomUUID();
    secrets.set(id, String(text));
    return id;
  };
  return { ...one, value: Array.isArray(value) ? { ids: value.map(put), isSecretRef: true } : { id: put(value), isSecretRef: true } };
}

/** Ids of all secrets that a form refers to. */
export function toSecretIds({ inputs, vars = {} }: FilledForm): readonly string[] {
  const all = [vars, ...inputs.flatMap((input) => [input.vars ?? {}, ...input.streams.map((stream) => stream.vars ?? {})])];
  const values = all.flatMap((some) => Object.values(some).map(({ value }) => value));
  return values.filter(isSecretRef).flatMap(({ id, ids = [] }) => (id === undefined ? ids : [id]));
}
