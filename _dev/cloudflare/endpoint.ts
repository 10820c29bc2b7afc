import type { Identity } from './credentials.ts';
import type { Permission } from './options.ts';
import type { Reply } from './reply.ts';
import type { Account, World, Zone } from './world.ts';

/** A request that passed credentials, limits and permission. */
export interface ApiRequest {
  /** Path below /client/v4. */
  readonly path: string;
  /** Values of the path's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly identity: Identity;
}

/** Where an endpoint is and who may use it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Path below /client/v4 with `:account`, `:zone` and other `:names`; an account or zone in it must exist. */
  readonly path: string;
  /** Any one of these, on that account or zone; none: everybody who is known. */
  readonly permissions?: readonly Permission[];
  /** Page that a refusal for want of permission links to. */
  readonly documentation?: string;
  /** Counts against the limits of Logpull too. */
  readonly isLogpull?: boolean;
}

/** A route and what it answers. */
export interface Endpoint extends Route {
  readonly answer: (request: ApiRequest, world: World) => Reply;
}

/** An endpoint of the caller itself. */
export function defineUserEndpoint(route: Route, answer: Endpoint['answer']): Endpoint {
  return { ...route, answer };
}

/** An endpoint below an account. */
export function defineAccountEndpoint(route: Route, answer: (request: ApiRequest & { readonly account: Account }, world: World) => Reply): Endpoint {
  return { ...route, answer: (request, world) => answer({ ...request, account: demand(world.accounts.get(request.params.account ?? '')) }, world) };
}

/** An endpoint below a zone. */
export function defineZoneEndpoint(route: Route, answer: (request: ApiRequest & { readonly zone: Zone }, world: World) => Reply): Endpoint {
  return { ...route, answer: (request, world) => answer({ ...request, zone: demand(world.zones.get(request.params.zone ?? '')) }, world) };
}

function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('the router let through an id that does not exist');
  return found;
}
