import type { Kibana } from './open-kibana.ts';

/** A control of a package's form. */
export interface FormVariable {
  readonly name: string;
  /** As Kibana names it: `text`, `password`, `yaml`, `bool`, `integer`, `select`, `url`, `duration`. */
  readonly type: string;
  readonly multi: boolean;
  readonly secret: boolean;
}

/** A data stream as one input collects it. */
export interface FormStream {
  /** E.g. `cloudflare_api.audit`. */
  readonly dataset: string;
  /** Whether a new policy has it switched on. */
  readonly enabled: boolean;
  readonly variables: readonly FormVariable[];
}

/** An input with its data streams. */
export interface FormInput {
  /** Its name in policies: the policy template's and the input's type. */
  readonly key: string;
  readonly variables: readonly FormVariable[];
  readonly streams: readonly FormStream[];
}

/** The form of an installed package: what an integration policy may set. */
export interface PackageForm {
  readonly name: string;
  readonly version: string;
  readonly variables: readonly FormVariable[];
  readonly inputs: readonly FormInput[];
}

interface RawVariable {
  readonly name: string;
  readonly type: string;
  readonly multi?: boolean;
  readonly secret?: boolean;
}

interface RawStream {
  readonly input: string;
  readonly enabled?: boolean;
  readonly vars?: readonly RawVariable[];
}

interface RawDataStream {
  readonly dataset: string;
  readonly path: string;
  readonly streams?: readonly RawStream[];
}

interface RawTemplate {
  readonly name: string;
  readonly data_streams?: readonly string[];
  readonly inputs?: readonly { readonly type: string; readonly name?: string; readonly vars?: readonly RawVariable[] }[];
}

interface FormAnswer {
  readonly item?: {
    readonly vars?: readonly RawVariable[];
    readonly policy_templates?: readonly RawTemplate[];
    readonly data_streams?: readonly RawDataStream[];
  };
}

/**
 * The form that Kibana shows for an installed package.
 * @throws KibanaError
 */
export async function fetchForm(kibana: Kibana, { name, version }: Pick<PackageForm, 'name' | 'version'>, signal?: AbortSignal): Promise<PackageForm> {
  const path = `/api/fleet/epm/packages/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
  const call = { what: `reading the form of ${name} ${version}`, method: 'GET', path } as const;
  const { body, status } = await kibana.request<FormAnswer | null>(call, signal);
  const item = body?.item;
  if (item === undefined) throw kibana.refuse(call, { status, body: '', fault: 'no-kibana' });
  const inputs = (item.policy_templates ?? []).flatMap((template) => toInputs(template, item.data_streams ?? []));
  return { name, version, variables: toVariables(item.vars), inputs };
}

function toInputs({ data_streams: only, inputs = [], name: template }: RawTemplate, dataStreams: readonly RawDataStream[]): readonly FormInput[] {
  const own = dataStreams.filter(({ path }) => only?.includes(path) ?? true);
  return inputs.map(({ name, type, vars }) => {
    const streams = own.flatMap(({ dataset, streams: all = [] }) =>
      all
        .filter(({ input }) => input === type || input === name)
        .map((stream) => ({ dataset, enabled: stream.enabled !== false, variables: toVariables(stream.vars) })),
    );
    return { key: `${template}-${name ?? type}`, variables: toVariables(vars), streams };
  });
}

function toVariables(vars: readonly RawVariable[] = []): readonly FormVariable[] {
  return vars.map(({ multi = false, name, secret = false, type }) => ({ name, type, multi, secret }));
}
