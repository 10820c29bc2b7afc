import type { InputInfo, PackageInfo, PolicyTemplateInfo, StreamInfo, VarInfo } from './package-info.ts';
import type { PolicyInput, PolicyStream, PolicyVar, PolicyVars } from './package-policy.ts';
import { Refused } from './reply.ts';
import { toInputKey } from './to-shown.ts';

/** Values by name, as the simplified format has them. */
type GivenVars = Readonly<Record<string, unknown>>;

interface GivenInput {
  readonly enabled?: boolean;
  readonly vars?: GivenVars;
  readonly streams?: Readonly<Record<string, { readonly enabled?: boolean; readonly vars?: GivenVars }>>;
}

/** What creates an integration policy, in the simplified format. */
export interface PolicyBody {
  readonly id?: string;
  readonly name: string;
  readonly description?: string;
  readonly namespace?: string;
  readonly policy_id?: string | null;
  readonly policy_ids?: readonly string[];
  readonly package: { readonly name: string; readonly version: string };
  readonly vars?: GivenVars;
  readonly inputs?: Readonly<Record<string, GivenInput>>;
}

/** The part of a policy that comes from the package's form. */
export interface FilledForm {
  readonly inputs: readonly PolicyInput[];
  readonly vars?: PolicyVars;
}

/**
 * The form of a package with the given values; what is not named keeps the package's default, and that is mostly: switched on.
 * @throws {Refused} for names that the form has not
 */
export function fillForm(info: PackageInfo, { inputs: given = {}, vars: givenVars = {} }: Pick<PolicyBody, 'inputs' | 'vars'>): FilledForm {
  const defaults = info.policy_templates.flatMap((template) => (template.inputs ?? []).map((input) => toInput(info, template, input)));
  const keys = defaults.map(toInputKey);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Refused(400, `Input not found: ${unknown}`);
  const vars = assign(info.vars === undefined || info.vars.length === 0 ? undefined : toVars(info.vars), givenVars, '');
  const inputs = defaults.map((input) => fillInput(input, given[toInputKey(input)]));
  return { inputs, ...(vars === undefined ? {} : { vars }) };
}

function toInput(info: PackageInfo, template: PolicyTemplateInfo, input: InputInfo): PolicyInput {
  const streams = info.data_streams
    .filter(({ path }) => template.data_streams?.includes(path) ?? true)
    .flatMap((stream) => (stream.streams ?? []).filter((one) => one.input === input.type).map((one) => toStream(stream, one)));
  return {
    type: input.type,
    policy_template: template.name,
    enabled: streams.length === 0 || streams.some(({ enabled }) => enabled),
    ...(input.vars === undefined || input.vars.length === 0 ? {} : { vars: toVars(input.vars) }),
    streams,
  };
}

function toStream({ dataset, type }: { readonly dataset: string; readonly type: string }, stream: StreamInfo): PolicyStream {
  const vars = stream.vars === undefined || stream.vars.length === 0 ? {} : { vars: toVars(stream.vars) };
  return { enabled: stream.enabled !== false, data_stream: { type, dataset }, ...vars };
}

function toVars(vars: readonly VarInfo[]): PolicyVars {
  return Object.fromEntries(vars.map((one) => [one.name, { value: !one.default && one.multi === true ? [] : one.default, type: one.type }]));
}

function fillInput(input: PolicyInput, given: GivenInput | undefined): PolicyInput {
  if (given === undefined) return input;
  const key = toInputKey(input);
  const datasets = input.streams.map((stream) => stream.data_stream.dataset);
  const unknown = Object.keys(given.streams ?? {}).find((dataset) => !datasets.includes(dataset));
  if (unknown !== undefined) throw new Refused(400, `Stream not found ${key}: ${unknown}`);
  const vars = assign(input.vars, given.vars ?? {}, key);
  const streams = input.streams.map((stream) => {
    const one = given.streams?.[stream.data_stream.dataset];
    if (one === undefined) return stream;
    const filled = assign(stream.vars, one.vars ?? {}, `${key} ${stream.data_stream.dataset}`);
    return { ...stream, enabled: one.enabled !== false, ...(filled === undefined ? {} : { vars: filled }) };
  });
  return { ...input, enabled: given.enabled !== false, ...(vars === undefined ? {} : { vars }), streams };
}

function assign(vars: PolicyVars | undefined, given: GivenVars, place: string): PolicyVars | undefined {
  const unknown = Object.keys(given).find((name) => vars === undefined || !Object.hasOwn(vars, name));
  if (unknown !== undefined) throw new Refused(400, `Variable ${place}:${unknown} not found`);
  if (vars === undefined) return undefined;
  const fill = ([name, one]: readonly [string, PolicyVar]): readonly [string, PolicyVar] => [
    name,
    Object.hasOwn(given, name) ? { ...one, value: given[name] } : one,
  ];
  return Object.fromEntries(Object.entries(vars).map(fill));
}
