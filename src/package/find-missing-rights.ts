import type { ElasticsearchApi } from './elasticsearch-api.ts';
import type { RoleDescriptor } from './roles.ts';

interface HasPrivileges {
  readonly cluster?: Readonly<Record<string, boolean>>;
  readonly index?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

/** An Elasticsearch without security knows no such route. */
const WITHOUT_SECURITY = [400, 404, 405];

/**
 * Names the privileges of a role that the client's user has not, e.g. `create_doc on logs-cloudflare_api.audit-*`; empty where
 * it has all, or where security is off.
 */
export async function findMissingRights(client: ElasticsearchApi, role: RoleDescriptor): Promise<readonly string[]> {
  const { status, body } = await client.request<HasPrivileges>({
    attempt: 'asking for the rights of this user',
    method: 'POST',
    path: '/_security/user/_has_privileges',
    body: { cluster: role.cluster, index: role.indices },
    allow: WITHOUT_SECURITY,
  });
  if (WITHOUT_SECURITY.includes(status)) return [];
  const onIndices = Object.entries(body.index ?? {}).flatMap(([name, privileges]) => missing(privileges).map((privilege) => `${privilege} on ${name}`));
  return [...missing(body.cluster ?? {}).map((privilege) => `${privilege} on the cluster`), ...onIndices];
}

function missing(privileges: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(privileges).flatMap(([privilege, granted]) => (granted ? [] : [privilege]));
}
