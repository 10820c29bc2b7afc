/** A JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const textOrNull = { type: ['string', 'null'] } as const;

/** A value of a form in the simplified format. */
const value: Schema = {
  anyOf: [
    { type: ['boolean', 'string', 'number', 'null'] },
    { type: 'array', items: text },
    { type: 'array', items: { type: 'number' } },
    { type: 'object', additionalProperties: false, required: ['id', 'isSecretRef'], properties: { id: text, isSecretRef: flag } },
    { type: 'object', additionalProperties: false, required: ['ids', 'isSecretRef'], properties: { ids: { type: 'array', items: text }, isSecretRef: flag } },
  ],
};

const vars: Schema = { type: 'object', additionalProperties: value };

const stream: Schema = { type: 'object', additionalProperties: false, properties: { enabled: flag, vars } };

const input: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: { enabled: flag, vars, streams: { type: 'object', additionalProperties: stream } },
};

/** What creates or replaces an integration policy, in the simplified format. */
export const policyBody: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'package'],
  properties: {
    id: text,
    name: text,
    description: text,
    namespace: text,
    output_id: textOrNull,
    policy_id: textOrNull,
    policy_ids: { type: 'array', items: text },
    force: flag,
    supports_agentless: { type: ['boolean', 'null'] },
    additional_datastreams_permissions: { type: ['array', 'null'], items: text },
    package: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'version'],
      properties: { name: text, title: text, version: text, requires_root: flag },
    },
    vars,
    inputs: { type: 'object', additionalProperties: input },
  },
};
