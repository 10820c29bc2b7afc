import type { AuditEvent } from './audit-event.ts';
import type { AuditEventV2 } from './audit-event-v2.ts';

/** How version 2 of the API shows a deed. */
export interface DeedV2 {
  readonly type: 'create' | 'delete' | 'update' | 'login';
  readonly description: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly uri: string;
  readonly resource: NonNullable<AuditEventV2['resource']>;
}

type Show = (event: AuditEvent, accountId: string) => DeedV2;

const ofRecord = (event: AuditEvent): string => `/zones/${String(event.newValueJson?.zone_id ?? '0')}/dns_records/${event.resource?.id}`;

/** By the action of version 1. What only looks at something is not there: version 2 does not log it. */
const DEEDS: Readonly<Record<string, Show>> = {
  login: ({ actor }) => ({
    ...{ type: 'login', description: 'Login', method: 'POST', uri: '/user/sessions' },
    resource: { product: 'user', type: 'session', scope: { user: actor?.id } },
  }),
  token_create: (event) => toToken(event, 'create'),
  token_roll: (event) => toToken(event, 'update'),
  token_revoke: (event) => toToken(event, 'delete'),
  API_key_created: (event) => toKey(event, 'create'),
  rotate_API_key: (event) => toKey(event, 'update'),
  rec_add: (event) => ({
    ...{ type: 'create', description: 'Create DNS Record', method: 'POST', uri: ofRecord(event) },
    resource: {
      id: event.resource?.id ?? '',
      product: 'dns_records',
      type: 'dns_record',
      scope: 'zones',
      request: event.newValueJson,
      response: event.newValueJson,
    },
  }),
  rec_del: (event) => ({
    ...{ type: 'delete', description: 'Delete DNS Record', method: 'DELETE', uri: ofRecord(event) },
    resource: { id: event.resource?.id ?? '', product: 'dns_records', type: 'dns_record', scope: 'zones', response: { id: event.resource?.id } },
  }),
  change_setting: (event) => toSetting(event, String(event.metadata?.name)),
  tls_settings_deployed: () => ({
    ...{ type: 'update', description: 'Certificate pack renewed', method: 'PATCH', uri: '' },
    resource: { product: 'ssl', type: 'certificate_pack', scope: 'zones' },
  }),
  purge: ({ metadata, resource }) => ({
    ...{ type: 'delete', description: 'Purge Cache', method: 'POST', uri: `/zones/${resource?.id}/purge_cache` },
    resource: { product: 'cache', type: 'purge', scope: 'zones', request: { files: metadata?.files, purge_everything: metadata?.purge_everything } },
  }),
  add: (event, accountId) => toMember(event, { accountId, type: 'create' }),
  delete: (event, accountId) => toMember(event, { accountId, type: 'delete' }),
};

/** What version 2 shows of an event; undefined for what it does not log. */
export function toDeedV2(event: AuditEvent, accountId: string): DeedV2 | undefined {
  return DEEDS[event.action?.type ?? '']?.(event, accountId);
}

const WORDS = { create: ['Create', 'POST'], update: ['Roll', 'PUT'], delete: ['Delete', 'DELETE'] } as const;

function toToken({ metadata, resource }: AuditEvent, type: keyof typeof WORDS): DeedV2 {
  const [verb, method] = WORDS[type];
  const uri = type === 'create' ? '/user/tokens' : `/user/tokens/${resource?.id}`;
  const request = type === 'create' ? { name: metadata?.token_name } : {};
  return {
    ...{ type, description: `${verb} API Token`, method, uri },
    resource: { id: resource?.id ?? '', product: 'tokens', type: 'token', scope: 'user', request, response: { id: resource?.id, name: metadata?.token_name } },
  };
}

function toKey({ resource }: AuditEvent, type: 'create' | 'update'): DeedV2 {
  const description = type === 'create' ? 'Create API Key' : 'Rotate API Key';
  return { type, description, method: 'PUT', uri: '/user/api_key', resource: { id: resource?.id ?? '', product: 'user', type: 'api_key', scope: 'user' } };
}

function toSetting({ metadata, resource }: AuditEvent, name: string): DeedV2 {
  return {
    ...{ type: 'update', description: 'Update Zone Setting', method: 'PATCH', uri: `/zones/${resource?.id}/settings/${name}` },
    resource: {
      id: name,
      product: 'zones',
      type: 'zone_setting',
      scope: 'zones',
      request: { value: metadata?.value },
      response: { id: name, value: metadata?.value },
    },
  };
}

function toMember({ metadata, newValueJson }: AuditEvent, { accountId, type }: { readonly accountId: string; readonly type: 'create' | 'delete' }): DeedV2 {
  const [description, method] = type === 'create' ? (['Add Member', 'POST'] as const) : (['Delete Member', 'DELETE'] as const);
  const request = type === 'create' ? { email: metadata?.email, roles: newValueJson?.roles } : {};
  return {
    type,
    description,
    method,
    uri: `/accounts/${accountId}/members`,
    resource: { product: 'members', type: 'member', scope: 'accounts', request, response: {} },
  };
}
