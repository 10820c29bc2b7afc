import type { AuditEventV2 } from './audit-event-v2.ts';
import type { PlacedEvent } from './audit-source.ts';

type Filter = (placed: PlacedEvent<AuditEventV2>) => boolean;

const FILTERS: Readonly<Record<string, (event: AuditEventV2) => unknown>> = {
  id: ({ id }) => id,
  audit_log_id: ({ id }) => id,
  account_name: ({ account }) => account?.name,
  action_result: ({ action }) => action?.result,
  action_type: ({ action }) => action?.type,
  actor_context: ({ actor }) => actor?.context,
  actor_email: ({ actor }) => actor?.email,
  actor_id: ({ actor }) => actor?.id,
  actor_ip_address: ({ actor }) => actor?.ip_address,
  actor_token_id: ({ actor }) => actor?.token_id,
  actor_token_name: ({ actor }) => actor?.token_name,
  actor_type: ({ actor }) => actor?.type,
  raw_cf_ray_id: ({ raw }) => raw?.cf_ray_id,
  raw_method: ({ raw }) => raw?.method,
  raw_status_code: ({ raw }) => raw?.status_code,
  raw_uri: ({ raw }) => raw?.uri,
  resource_id: ({ resource }) => resource?.id,
  resource_product: ({ resource }) => resource?.product,
  resource_scope: ({ resource }) => resource?.scope,
  resource_type: ({ resource }) => resource?.type,
  zone_id: ({ zone }) => zone?.id,
  zone_name: ({ zone }) => zone?.name,
};

/** Whether an event passes the filters of a request, each a list of values, `NAME.not` a list of those that it must not have; undefined where there are none. */
export function auditFilterV2(query: URLSearchParams): Filter | undefined {
  const tests = Object.entries(FILTERS).flatMap(([name, read]) => {
    const [wanted, refused] = [query.getAll(name), query.getAll(`${name}.not`)];
    if (wanted.length === 0 && refused.length === 0) return [];
    return [(value: string) => (wanted.length === 0 || wanted.includes(value)) && !refused.includes(value)].map(
      (test): Filter =>
        ({ event }) =>
          test(String(read(event) ?? '')),
    );
  });
  return tests.length === 0 ? undefined : (placed) => tests.every((test) => test(placed));
}
