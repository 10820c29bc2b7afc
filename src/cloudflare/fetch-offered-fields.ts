import { fetchJson } from './fetch-json.ts';
import type { Client } from './open-client.ts';

/** Names of the fields that a zone's Logpull offers, sorted. The answer is a flat object without Cloudflare's envelope. */
export async function fetchOfferedFields(client: Client, zoneId: string, signal: AbortSignal): Promise<readonly string[]> {
  const scope = `zone ${zoneId}`;
  const path = `/zones/${encodeURIComponent(zoneId)}/logs/received/fields`;
  const fields = await fetchJson(client, { what: `listing the log fields of ${scope}`, scope, permission: 'Logs Read', path }, signal);
  return Object.keys(fields).sort();
}
