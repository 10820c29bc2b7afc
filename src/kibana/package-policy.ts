/** Values of variables by name, as a form sends them; a hidden secret is `{ isSecretRef: true, id }`. */
export type FormValues = Readonly<Record<string, unknown>>;

/** What a collector needs of an integration policy. */
export interface PackagePolicy {
  readonly id: string;
  /** As a person typed it. */
  readonly name: string;
  readonly enabled: boolean;
  /** Empty where it is that of the agent policy. */
  readonly namespace: string;
  readonly agentPolicyIds: readonly string[];
  /** Agents that collect with it; undefined where Kibana does not say. */
  readonly agents: number | undefined;
  readonly packageVersion: string;
  /** Of the package and of its inputs that are switched on. */
  readonly variables: FormValues;
  /** Streams that are switched on. */
  readonly streams: readonly PolicyStream[];
}

interface PolicyStream {
  /** E.g. `cloudflare_api.audit`. */
  readonly dataset: string;
  readonly variables: FormValues;
}

interface PolicyInput {
  readonly enabled: boolean;
  readonly variables: FormValues;
  readonly streams: readonly (PolicyStream & { readonly enabled: boolean })[];
}

/** Reads one policy of Fleet's answers, which has inputs and streams as lists (legacy) or as objects by name (simplified). */
export function toPackagePolicy(item: unknown): PackagePolicy {
  const policy = toRecord(item);
  const inputs = toInputs(policy.inputs).filter(({ enabled }) => enabled);
  return {
    id: String(policy.id),
    name: String(policy.name),
    enabled: policy.enabled !== false,
    namespace: String(policy.namespace ?? ''),
    agentPolicyIds: toAgentPolicyIds(policy),
    agents: typeof policy.agents === 'number' ? policy.agents : undefined,
    packageVersion: String(toRecord(policy.package).version ?? ''),
    variables: Object.assign({}, toValues(policy.vars), ...inputs.map(({ variables }) => variables)),
    streams: inputs.flatMap(({ streams }) => streams.filter(({ enabled }) => enabled).map(({ dataset, variables }) => ({ dataset, variables }))),
  };
}

/** The older `policy_id` names the first of them. */
function toAgentPolicyIds({ policy_ids: ids, policy_id: id }: Readonly<Record<string, unknown>>): readonly string[] {
  if (Array.isArray(ids)) return ids.map(String);
  return typeof id === 'string' && id !== '' ? [id] : [];
}

function toInputs(inputs: unknown): readonly PolicyInput[] {
  const list = Array.isArray(inputs) ? inputs : Object.values(toRecord(inputs));
  return list.map((given) => {
    const { enabled, vars, streams } = toRecord(given);
    return { enabled: enabled !== false, variables: toValues(vars), streams: toStreams(streams) };
  });
}

function toStreams(streams: unknown): PolicyInput['streams'] {
  if (Array.isArray(streams)) return streams.map((given) => toStream(String(toRecord(toRecord(given).data_stream).dataset), given));
  return Object.entries(toRecord(streams)).map(([dataset, given]) => toStream(dataset, given));
}

function toStream(dataset: string, given: unknown): PolicyInput['streams'][number] {
  const { enabled, vars } = toRecord(given);
  return { dataset, enabled: enabled !== false, variables: toValues(vars) };
}

/** In the legacy form a value stands below `value`, beside its type; a hidden secret has no `value` beside itself. */
function toValues(vars: unknown): FormValues {
  const entries = Object.entries(toRecord(vars)).map(([name, given]) => [name, isWrapped(given) ? given.value : given]);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

function isWrapped(given: unknown): given is { readonly value?: unknown } {
  return typeof given === 'object' && given !== null && !Array.isArray(given) && !('isSecretRef' in given);
}

/** A field of the form that nothing was typed into. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.every(isEmpty));
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
