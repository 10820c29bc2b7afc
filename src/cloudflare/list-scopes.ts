import { type Envelope, fetchJson, type JsonCall } from './fetch-json.ts';
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

const PAGE_SIZE = 50;

/** Every account that the credential sees; a token that an account owns cannot ask. */
export function listAccounts(client: Client, signal: AbortSignal): Promise<readonly Account[]> {
  return listAll(client, { what: 'listing accounts', scope: 'its accounts', permission: 'Account Settings Read', path: '/accounts' }, signal);
}

/** Every zone that the credential sees. */
export function listZones(client: Client, signal: AbortSignal): Promise<readonly Zone[]> {
  return listAll(client, { what: 'listing zones', scope: 'its zones', permission: 'Zone Read', path: '/zones' }, signal);
}

async function listAll<Item extends { readonly id: string }>(client: Client, call: JsonCall, signal: AbortSignal): Promise<readonly Item[]> {
  const items = new Map<string, Item>();
  for (let page = 1; ; page += 1) {
    const query = { page: String(page), per_page: String(PAGE_SIZE) };
    const { result, result_info: info } = await fetchJson<Envelope<readonly Item[]>>(client, { ...call, query }, signal);
    const known = items.size;
    for (const item of result ?? []) items.set(item.id, item);
    const last = info?.total_pages === undefined ? (result ?? []).length < PAGE_SIZE : page >= info.total_pages;
    // A page that brings nothing new ends the list, whatever the server counts.
    if (last || items.size === known) return [...items.values()];
  }
}
