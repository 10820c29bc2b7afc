/** A JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** A text. */
export const text = { type: 'string' } as const;
/** True or false. */
export const flag = { type: 'boolean' } as const;

const textOrNull = { type: ['string', 'null'] } as const;

/** An object that has no other properties than these. */
export function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, required, properties };
}

/** An object of whatever names, whose values are all alike. */
export function mapOf(additionalProperties: Schema): Schema {
  return { type: 'object', additionalProperties };
}

/** A list whose items are all alike. */
export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** Values of a form in the simplified format; of secrets only single ones are known. */
export function toSimplifiedVars(limits: { readonly maxItems?: number } = {}): Schema {
  const list = (items: Schema): Schema => ({ ...listOf(items), ...limits });
  return mapOf({
    anyOf: [
      { type: ['boolean', 'string', 'number', 'null'] },
      list(text),
      list({ type: 'number' }),
      closed({ id: text, isSecretRef: flag }, ['id', 'isSecretRef']),
    ],
  });
}

/** Inputs with their streams, by name. */
export function toSimplifiedInputs(vars: Schema): Schema {
  return mapOf(closed({ enabled: flag, vars, streams: mapOf(closed({ enabled: flag, vars })) }));
}

const FEATURES = ['synthetic_source', 'tsdb', 'doc_value_only_numeric', 'doc_value_only_other'];

/** The package that a policy is of. */
export const policyPackage: Schema = closed(
  {
    name: text,
    title: text,
    version: text,
    requires_root: flag,
    experimental_data_stream_features: listOf(
      closed({ data_stream: text, features: closed(Object.fromEntries(FEATURES.map((name) => [name, flag]))) }, ['data_stream', 'features']),
    ),
  },
  ['name', 'version'],
);

function toPolicyBody(vars: Schema): Schema {
  return closed(
    {
      id: text,
      name: text,
      description: text,
      namespace: text,
      output_id: textOrNull,
      policy_id: textOrNull,
      policy_ids: listOf(text),
      force: flag,
      supports_agentless: { type: ['boolean', 'null'] },
      additional_datastreams_permissions: { type: ['array', 'null'], items: text },
      package: policyPackage,
      vars,
      inputs: toSimplifiedInputs(vars),
    },
    ['name', 'package'],
  );
}

/** What creates or replaces an integration policy, in the simplified format. */
export const policyBody: Schema = toPolicyBody(toSimplifiedVars());

/** The same in newer Kibanas, which take so many values in a list and no more. */
export const limitedPolicyBody: Schema = toPolicyBody(toSimplifiedVars({ maxItems: 100 }));
