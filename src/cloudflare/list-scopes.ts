import { listAll } from './list-all.ts';
import type { Client } from './open-client.ts';

/** An account that the credential sees. */
export interface Account {
  readonly id: string;
  readonly name: string;
}

/** A zone that the credential sees. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly account?: Account;
  /** `active`, `pending` and others. */
  readonly status?: string;
}

/** Every account that the credential sees; a token that an account owns cannot ask. */
export function listAccounts(client: Client, signal: AbortSignal): Promise<readonly Account[]> {
  return listAll(client, { what: 'listing accounts', scope: 'its accounts', permission: 'Account Settings Read', path: '/accounts' }, { signal });
}

/** Every zone that the credential sees. */
export function listZones(client: Client, signal: AbortSignal): Promise<readonly Zone[]> {
  return listAll(client, { what: 'listing zones', scope: 'its zones', permission: 'Zone Read', path: '/zones' }, { signal });
}
