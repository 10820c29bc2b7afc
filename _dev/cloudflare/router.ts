import { type Identity, isPermitted } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { type Reply, toErrorReply } from './reply.ts';
import type { World } from './world.ts';

/** The endpoint of a path and the values of its `:names`. */
export interface RouteMatch {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

const DOCUMENTATION = 'https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/';

/** Finds the endpoint of a method and a path below /client/v4. */
export function matchRoute(endpoints: readonly Endpoint[], method: string, path: string): RouteMatch | undefined {
  for (const endpoint of endpoints) {
    const params = endpoint.method === method ? matchPath(endpoint.path, path) : undefined;
    if (params) return { endpoint, params };
  }
  return undefined;
}

/** What stands between an identity and an endpoint: an id that does not exist, or a permission that is missing. */
export function findObstacle(
  { endpoint, params }: RouteMatch,
  { identity, path, world }: { readonly identity: Identity; readonly path: string; readonly world: World },
): Reply | undefined {
  const resources = findResources(params, world);
  const { authStatus, routeStatus } = world.switches();
  if (!resources) return toErrorReply('08', { status: routeStatus, replace: { '/client/v4/accounts/not-an-id/audit_logs': `/client/v4${path}` } });
  if (!endpoint.permissions || endpoint.permissions.some((permission) => isPermitted(identity, permission, resources))) return undefined;
  const replace = { [DOCUMENTATION]: endpoint.documentation ?? DOCUMENTATION };
  return toErrorReply('01', authStatus === 'documented' ? { replace } : { replace, status: authStatus });
}

/** The refusal of a path that nothing answers. */
export function toNoRoute(path: string): Reply {
  return toErrorReply('09', { replace: { '/zones/dns_records': `/client/v4${path}` } });
}

/** The ids that grants are looked up by: the account, or the zone and its account; undefined where they do not exist. */
function findResources({ account, zone }: Readonly<Record<string, string>>, { accounts, zones }: World): readonly string[] | undefined {
  if (zone !== undefined) {
    const found = zones.get(zone);
    return found && [found.id, found.accountId];
  }
  if (account !== undefined) return accounts.has(account) ? [account] : undefined;
  return [];
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] as string;
    if (name.startsWith(':') && part !== '') params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}
