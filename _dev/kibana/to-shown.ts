import type { PackagePolicy, PolicyInput, PolicyVars } from './package-policy.ts';

/** A policy in the format that a request asks for: as it is stored, or with inputs and streams by name and bare values. */
export function toShown(policy: PackagePolicy, format: string | undefined): unknown {
  if (format !== 'simplified') return policy;
  const inputs = Object.fromEntries(policy.inputs.map((input) => [toInputKey(input), toInput(input)]));
  return { ...policy, inputs, ...(policy.vars === undefined ? {} : { vars: toValues(policy.vars) }) };
}

/** Name of an input in the simplified format. */
export function toInputKey({ policy_template: template, type }: Pick<PolicyInput, 'type' | 'policy_template'>): string {
  return template === undefined ? type : `${template}-${type}`;
}

function toInput({ enabled, streams, vars }: PolicyInput): unknown {
  const shown = streams.map((stream) => [stream.data_stream.dataset, { enabled: stream.enabled, ...toVars(stream.vars) }]);
  return { enabled, ...toVars(vars), streams: Object.fromEntries(shown) };
}

function toVars(vars: PolicyVars | undefined): object {
  return vars === undefined ? {} : { vars: toValues(vars) };
}

function toValues(vars: PolicyVars): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(vars).map(([name, { value }]) => [name, value]));
}
