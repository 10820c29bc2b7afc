import { DEMO_API_KEY } from '../../_dev/kibana/options.ts';
import type { SimulatedKibana } from '../../_dev/kibana/start-kibana.ts';

/** What a person types into the form of an integration policy. */
export interface TypedPolicy {
  readonly name: string;
  readonly namespace?: string;
  /** Ids of agent policies. */
  readonly agentPolicies: readonly string[];
  /** Of the connection. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Values of the streams to switch on, by name. */
  readonly streams: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface PackageInfo {
  readonly version: string;
  readonly policy_templates: readonly {
    readonly name: string;
    readonly inputs: readonly { readonly type: string; readonly vars?: readonly { readonly name: string }[] }[];
  }[];
  readonly data_streams: readonly { readonly dataset: string; readonly streams?: readonly { readonly input: string }[] }[];
}

async function call(kibana: SimulatedKibana, method: string, path: string, body?: object): Promise<{ readonly item: { readonly id: string } & PackageInfo }> {
  const headers = { authorization: `ApiKey ${DEMO_API_KEY}`, 'content-type': 'application/json', 'kbn-xsrf': 'test', 'elastic-api-version': '2023-10-31' };
  const answer = await fetch(`${kibana.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: Kibana answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Saves a policy of a package that is there, in place of the one with that id if one is given; resolves with its id. */
export async function saveInKibana(kibana: SimulatedKibana, packageName: string, policy: TypedPolicy, id?: string): Promise<string> {
  const { item: info } = await call(kibana, 'GET', `/api/fleet/epm/packages/${packageName}`);
  const body = {
    name: policy.name,
    namespace: policy.namespace ?? '',
    policy_ids: policy.agentPolicies,
    package: { name: packageName, version: info.version },
    inputs: toInputs(info, packageName, policy),
  };
  const path = '/api/fleet/package_policies';
  const { item } = id === undefined ? await call(kibana, 'POST', path, body) : await call(kibana, 'PUT', `${path}/${id}`, body);
  return item.id;
}

export async function removeFromKibana(kibana: SimulatedKibana, id: string): Promise<void> {
  await call(kibana, 'DELETE', `/api/fleet/package_policies/${id}`);
}

/** Every input of the form; a stream is switched on in the first that has it. */
function toInputs(info: PackageInfo, packageName: string, { values, streams }: TypedPolicy): object {
  const taken = new Set<string>();
  const inputs = info.policy_templates.flatMap((template) =>
    template.inputs.map(({ type, vars = [] }) => {
      const own = info.data_streams.filter((stream) => stream.streams?.some(({ input }) => input === type));
      const typed = own.map(({ dataset }) => {
        const given = streams[dataset.slice(packageName.length + 1)];
        const isOn = given !== undefined && !taken.has(dataset);
        if (isOn) taken.add(dataset);
        return [dataset, isOn ? { enabled: true, vars: given } : { enabled: false }] as const;
      });
      const known = vars.filter(({ name }) => name in values).map(({ name }) => [name, values[name]]);
      const enabled = typed.some(([, stream]) => stream.enabled);
      return [`${template.name}-${type}`, { enabled, ...(enabled ? { vars: Object.fromEntries(known) } : {}), streams: Object.fromEntries(typed) }];
    }),
  );
  return Object.fromEntries(inputs);
}
