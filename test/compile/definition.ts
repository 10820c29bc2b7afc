import type { FieldDefinition, PackageDefinition, StreamDefinition, Variable } from '../../src/definition/definition.ts';

/** A small package made by hand: what the compiler does with it does not depend on the real declarations. */

function variable(name: string, options: Partial<Variable> = {}): Variable {
  return { name, type: 'text', title: name, description: `${name}.`, required: false, secret: false, multi: false, showUser: true, for: 'both', ...options };
}

function field(name: string, options: Partial<FieldDefinition> = {}): FieldDefinition {
  return { name, type: 'keyword', description: `About ${name}.`, ecs: true, array: false, origin: { kind: 'elsewhere' }, mapping: {}, ...options };
}

export const audit: StreamDefinition = {
  name: 'audit',
  title: 'Account audit logs',
  description: 'Who changed what.',
  sources: [
    {
      name: 'v1',
      scope: 'account',
      permission: 'Account Settings Read',
      request: { method: 'GET', path: '/accounts/{account_id}/audit_logs', query: { direction: 'asc' } },
      window: { since: 'since', before: 'before', inclusive: 'both', maxMs: 86_400_000, retentionMs: 47_088_000_000, lagMs: 60_000, overlapMs: 300_000 },
      page: { number: 'page', size: { per_page: 1000 }, stop: 'short' },
      records: 'result',
      id: ['id'],
      time: 'when',
    },
  ],
  drops: [],
  variables: [
    variable('account_id', { type: 'id', multi: true, required: true }),
    variable('interval', { type: 'duration', default: '5m', required: true }),
    variable('initial_interval', { type: 'duration', default: '24h', required: true }),
    variable('tags', { multi: true, default: ['forwarded'] }),
    variable('state_hint', { for: 'collector' }),
  ],
  presets: {},
  fields: [
    field('@timestamp', { type: 'date' }),
    field('user.name', { mapping: { ignore_above: 1024, multi_fields: [{ name: 'text', type: 'match_only_text' }] } }),
    field('event.category', { array: true, allowedValues: [{ name: 'iam', expectedEventTypes: ['info'] }, { name: 'web' }] }),
    field('source.geo', { type: 'group' }),
    field('source.geo.location', { type: 'geo_point' }),
    field('event.original', { mapping: { index: false, doc_values: false } }),
    field('cloudflare.audit.metadata', { type: 'flattened', ecs: false, mapping: { ignore_above: 2048 }, description: 'Keys *depend* on\nthe {action}.' }),
    field('cloudflare.audit.labels', { type: 'object', ecs: false }),
    field('cloudflare.audit.ratio', { type: 'scaled_float', ecs: false, mapping: { scaling_factor: 100, unit: 'percent' } }),
  ],
  rules: [],
};

export const logpull: StreamDefinition = {
  ...audit,
  name: 'logpull',
  title: 'HTTP requests',
  sources: [
    {
      name: 'received',
      scope: 'zone',
      permission: 'Logs Read',
      request: { method: 'GET', path: '/zones/{zone_id}/logs/received', query: { fields: '${fields}', timestamps: 'unixnano' } },
      window: { since: 'start', before: 'end', inclusive: 'since', maxMs: 3_600_000, retentionMs: 604_000_000, lagMs: 300_000, overlapMs: 0 },
      records: 'ndjson',
      id: ['RayID', 'EdgeStartTimestamp'],
      time: 'EdgeStartTimestamp',
    },
  ],
  variables: [variable('zone_id', { type: 'id', multi: true, required: true }), variable('fields', { type: 'fields', default: 'standard' })],
  presets: { standard: ['ClientIP', 'RayID', 'EdgeStartTimestamp'] },
};

export const definition: PackageDefinition = {
  name: 'cloudflare_api',
  title: 'Cloudflare API',
  version: '0.1.0',
  description: 'Collect logs from Cloudflare.',
  formatVersion: '3.4.2',
  categories: ['security', 'cloud'],
  kibanaVersion: '^8.19.0 || ^9.1.0',
  owner: { github: 'cloudflare-integration/maintainers', type: 'community' },
  repository: 'https://github.com/cloudflare-integration/cloudflare-integration',
  policyTemplate: { name: 'cloudflare_api', title: 'Cloudflare API', description: 'Collect logs from Cloudflare.' },
  variables: [
    variable('api_url', { type: 'url', default: 'https://api.cloudflare.com/client/v4', required: true }),
    variable('api_token', { type: 'secret', secret: true }),
    variable('auth_email'),
    variable('auth_key', { type: 'secret', secret: true }),
    variable('proxy_url', { type: 'url', showUser: false }),
    variable('ssl', { type: 'ssl', showUser: false }),
  ],
  changelog: [
    {
      version: '0.1.0',
      changes: [{ description: 'First version.', type: 'enhancement', link: 'https://github.com/cloudflare-integration/cloudflare-integration/issues/5' }],
    },
  ],
  streams: [audit, logpull, { ...audit, name: 'collector', title: 'Collector', sources: [], variables: [] }],
  dashboards: [],
};
