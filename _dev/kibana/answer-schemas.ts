import { closed, flag, listOf, mapOf, policyPackage, type Schema, text, toSimplifiedInputs, toSimplifiedVars } from './schemas.ts';

const number = { type: 'number' } as const;
const level = { enum: ['available', 'degraded', 'unavailable', 'critical'] } as const;
const anyObject = { type: 'object' } as const;
const service = closed({ level, summary: text, meta: anyObject, detail: text, documentationUrl: text }, ['level', 'summary', 'meta']);

function all(properties: Readonly<Record<string, Schema>>): Schema {
  return closed(properties, Object.keys(properties));
}

/** How Kibana is: everything, or as much as is said to somebody who is not known. */
export const statusAnswer: Schema = {
  anyOf: [
    all({
      name: text,
      uuid: text,
      version: all({ number: text, build_hash: text, build_number: number, build_snapshot: flag, build_flavor: text, build_date: text }),
      status: all({ overall: service, core: all({ elasticsearch: service, savedObjects: service }), plugins: mapOf(service) }),
      metrics: all({
        collection_interval_in_millis: number,
        last_updated: text,
        elasticsearch_client: all({ totalActiveSockets: number, totalIdleSockets: number, totalQueuedRequests: number }),
      }),
    }),
    all({ status: all({ overall: all({ level }) }) }),
  ],
};

const kibanaAsset = {
  enum: [
    ...['dashboard', 'lens', 'visualization', 'search', 'index-pattern', 'map', 'tag'],
    ...['ml-module', 'security-rule', 'csp-rule-template', 'osquery-pack-asset', 'osquery-saved-query'],
  ],
};
const elasticsearchAsset = {
  enum: ['index', 'index_template', 'component_template', 'ingest_pipeline', 'ilm_policy', 'data_stream_ilm_policy', 'transform', 'ml_model'],
};
const kibanaAssets = listOf(closed({ id: text, originId: text, type: kibanaAsset }, ['id', 'type']));
const elasticsearchAssets = listOf(closed({ id: text, deferred: flag, version: text, type: elasticsearchAsset }, ['id', 'type']));
const assets = listOf({ anyOf: [kibanaAssets.items, elasticsearchAssets.items] });

/** What an upload made; the package's name is said from 9.2 on. */
export const uploadAnswer: Schema = all({ items: assets, _meta: closed({ install_source: text, name: text }, ['install_source']) });

/** What went with a package. */
export const removedAnswer: Schema = all({ items: assets });

const INSTALLATION = {
  type: text,
  name: text,
  version: text,
  install_status: { enum: ['installed', 'installing', 'install_failed'] },
  install_source: { enum: ['registry', 'upload', 'bundled', 'custom'] },
  installed_kibana: kibanaAssets,
  installed_es: elasticsearchAssets,
  verification_status: { enum: ['verified', 'unverified', 'unknown'] },
};

const packageInfo: Schema = {
  type: 'object',
  required: ['name', 'version', 'title', 'assets'],
  properties: {
    ...{ name: text, version: text, title: text, description: text, format_version: text, latestVersion: text, status: text },
    type: { enum: ['integration', 'input', 'content'] },
    ...{ assets: anyObject, owner: anyObject, conditions: anyObject, elasticsearch: anyObject },
    ...{ data_streams: listOf(anyObject), policy_templates: listOf(anyObject), vars: listOf(anyObject) },
    installationInfo: { type: 'object', required: Object.keys(INSTALLATION), properties: INSTALLATION },
  },
};

/** A package, installed or not. Before 9.0, one that is asked for without a version stands there twice. */
export const packageAnswer: Schema = closed({ item: packageInfo, response: packageInfo, metadata: all({ has_policies: flag }) }, ['item']);

const legacyVars = mapOf(closed({ type: text, value: {}, frozen: flag }));
const dataStream = closed({ type: text, dataset: text, elasticsearch: anyObject }, ['type', 'dataset']);
const legacyStream = closed(
  {
    ...{ id: text, enabled: flag, keep_enabled: flag, release: { enum: ['ga', 'beta', 'experimental'] } },
    ...{ data_stream: dataStream, vars: legacyVars, config: legacyVars, compiled_stream: {} },
  },
  ['enabled', 'data_stream'],
);
const legacyInput = closed(
  {
    ...{ id: text, type: text, policy_template: text, enabled: flag, keep_enabled: flag },
    ...{ vars: legacyVars, config: legacyVars, streams: listOf(legacyStream), compiled_input: {} },
  },
  ['type', 'enabled', 'streams'],
);

const packagePolicy: Schema = closed(
  {
    ...{ id: text, version: text, revision: number, name: text, description: text, namespace: text, enabled: flag, is_managed: flag },
    ...{ policy_id: { type: ['string', 'null'] }, policy_ids: listOf(text), output_id: { type: ['string', 'null'] } },
    package: policyPackage,
    inputs: { anyOf: [listOf(legacyInput), toSimplifiedInputs(toSimplifiedVars())] },
    vars: { anyOf: [legacyVars, toSimplifiedVars()] },
    ...{ secret_references: listOf(all({ id: text })), spaceIds: listOf(text), agents: number },
    ...{ created_at: text, created_by: text, updated_at: text, updated_by: text },
  },
  ['id', 'revision', 'name', 'enabled', 'inputs', 'created_at', 'created_by', 'updated_at', 'updated_by'],
);

const agentPolicy: Schema = closed(
  {
    ...{ id: text, name: text, namespace: text, description: text, status: { enum: ['active', 'inactive'] }, is_managed: flag, is_protected: flag },
    ...{ revision: number, agents: number, updated_at: text, updated_by: text },
  },
  ['id', 'name', 'namespace', 'status', 'is_managed', 'is_protected', 'revision', 'updated_at', 'updated_by'],
);

function toPage(item: Schema): Schema {
  return all({ items: listOf(item), total: number, page: number, perPage: number });
}

/** A page of integration policies. */
export const packagePoliciesAnswer: Schema = toPage(packagePolicy);

/** One integration policy. */
export const packagePolicyAnswer: Schema = all({ item: packagePolicy });

/** Which integration policy is gone. */
export const deletedAnswer: Schema = all({ id: text });

/** A page of agent policies. */
export const agentPoliciesAnswer: Schema = toPage(agentPolicy);

/** One agent policy. */
export const agentPolicyAnswer: Schema = all({ item: agentPolicy });
