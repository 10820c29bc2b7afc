import type { PackageDefinition, Variable } from '../definition/definition.ts';
import { deadLetterKeys } from './dead-letter-settings.ts';
import { healthKeys } from './health-settings.ts';
import { toKibanaKeys } from './kibana-settings.ts';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a command asks of its settings file. */
export interface SettingsOptions {
  /** Whether one has to stand in the file; they may come from elsewhere. @default required */
  readonly connections?: 'required' | 'optional';
}

const text = { type: 'string' } as const;
const duration = { type: 'string', pattern: '^([0-9]+(ms|s|m|h|d))+$' } as const;

const sslSchema: JsonSchema = object({
  certificate_authorities: { type: 'array', items: text, description: 'Paths of PEM files.' },
  certificate: { ...text, description: 'Path of a PEM file: the client certificate.' },
  key: { ...text, description: 'Path of a PEM file: the key of the client certificate.' },
  verification_mode: { enum: ['full', 'none'], description: 'Whether certificates are checked.' },
});

/**
 * JSON Schema of the settings file, derived from the declared variables: what the form in Kibana asks for is what the file takes.
 * Unknown keys are refused everywhere.
 */
export function toSettingsSchema(definition: PackageDefinition, { connections = 'required' }: SettingsOptions = {}): JsonSchema {
  const needed = connections === 'required';
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...object({
      elasticsearch: elasticsearchSchema,
      kibana: object(toKibanaKeys(sslSchema)),
      state: object({
        path: { ...text, minLength: 1, description: 'Folder of checkpoints and dead letters.' },
        store: {
          enum: ['file', 'elasticsearch'],
          description: 'Where checkpoints are kept: in that folder, or in Elasticsearch, where collectors share them.',
        },
        lease: { ...duration, description: 'With `store: elasticsearch`: how long a collector may be silent before others take over its partitions.' },
        dead_letters: object(deadLetterKeys),
      }),
      health: object(healthKeys),
      connections: { type: 'array', ...(needed ? { minItems: 1 } : {}), items: toConnectionSchema(definition) },
    }),
    required: ['elasticsearch', ...(needed ? ['connections'] : [])],
  };
}

/** JSON Schema of one of the `connections`. */
export function toConnectionSchema(definition: PackageDefinition): JsonSchema {
  const sourced = definition.streams.filter(({ sources }) => sources.length > 0);
  const streams = sourced.map(({ name, variables }) => [name, { ...variablesSchema(variables), type: ['object', 'null'] }]);
  const connection = variablesSchema(definition.variables, {
    name: { ...text, pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', description: 'Name of the connection, as logs show it.' },
    namespace: { ...text, pattern: '^[^A-Z\\\\/*?"<>| ,#:-]{1,100}$', description: 'Namespace of its data streams.' },
    streams: { ...object(Object.fromEntries(streams)), description: 'The data streams to collect; one not named here is off.' },
  });
  return { ...connection, required: ['name'] };
}

/** JSON Schema of `elasticsearch.geoip`. */
export const geoipSchema: JsonSchema = {
  ...object({
    city: { ...text, description: 'Path of a city database, e.g. GeoLite2-City.mmdb: it fills places (geo).' },
    asn: { ...text, description: 'Path of a network database, e.g. GeoLite2-ASN.mmdb: it fills networks (as).' },
  }),
  description: "MaxMind databases for pipeline: edge, and for preview. Elasticsearch's pipeline has its own.",
};

const elasticsearchSchema: JsonSchema = object({
  url: { ...text, description: 'Address, e.g. https://elasticsearch.example.com:9200.' },
  cloud_id: { ...text, description: 'Cloud ID of an Elastic Cloud deployment, in place of url.' },
  api_key: { ...text, description: 'Encoded API key.' },
  username: text,
  password: text,
  pipeline: { enum: ['server', 'edge'], description: 'Where events are mapped.' },
  geoip: geoipSchema,
  proxy_url: { ...text, description: 'Address of an HTTP proxy on the way to Elasticsearch.' },
  ssl: sslSchema,
});

function object(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: 'object', additionalProperties: false, properties };
}

function variablesSchema(variables: readonly Variable[], more: Readonly<Record<string, unknown>> = {}): JsonSchema {
  const own = variables.filter((variable) => variable.for !== 'agent');
  return object({ ...more, ...Object.fromEntries(own.map((variable) => [variable.name, variableSchema(variable)])) });
}

function variableSchema(variable: Variable): JsonSchema {
  const one = valueSchema(variable);
  const description = variable.all === true ? `${variable.description} The word all takes every one that the credential sees.` : variable.description;
  return { ...(variable.multi ? { type: 'array', items: one } : one), description };
}

function valueSchema(variable: Variable): JsonSchema {
  switch (variable.type) {
    case 'bool':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer' };
    case 'select':
      return { enum: variable.options ?? [] };
    case 'ssl':
      return sslSchema;
    case 'duration':
      return duration;
    case 'id':
      return { type: 'string', pattern: variable.all === true ? '^([0-9a-f]{32}|all)$' : '^[0-9a-f]{32}$' };
    case 'fields':
      return { type: 'array', items: text, minItems: 1 };
    default:
      return text;
  }
}
