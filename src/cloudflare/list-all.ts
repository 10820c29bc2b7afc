import { type Envelope, fetchJson, type JsonCall } from './fetch-json.ts';
import type { Client } from './open-client.ts';

const PAGE_SIZE = 50;

/**
 * Every item of a list in pages, each id once.
 * @param most from this number on no further page is asked for; @default all are
 * @throws CloudflareError, InterruptedError
 */
export async function listAll<Item extends { readonly id: string }>(
  client: Client,
  call: JsonCall,
  { signal, most = Number.POSITIVE_INFINITY }: { readonly signal: AbortSignal; readonly most?: number },
): Promise<readonly Item[]> {
  const items = new Map<string, Item>();
  for (let page = 1; ; page += 1) {
    const query = { page: String(page), per_page: String(PAGE_SIZE) };
    const { result, result_info: info } = await fetchJson<Envelope<readonly Item[]>>(client, { ...call, query }, signal);
    const known = items.size;
    for (const item of result ?? []) items.set(item.id, item);
    const last = info?.total_pages === undefined ? (result ?? []).length < PAGE_SIZE : page >= info.total_pages;
    // A page that brings nothing new ends the list, whatever the server counts.
    if (last || items.size === known || items.size >= most) return [...items.values()];
  }
}
