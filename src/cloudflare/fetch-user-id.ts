import { CloudflareError } from '../errors.ts';
import { type Envelope, fetchJson } from './fetch-json.ts';
import type { Client } from './open-client.ts';

/**
 * Id of the credential's user; undefined where the credential may not read it.
 * @throws CloudflareError when Cloudflare cannot be asked
 */
export async function fetchUserId(client: Client, signal: AbortSignal): Promise<string | undefined> {
  const call = { what: "reading the credential's user", scope: 'it', permission: 'User Details Read', path: '/user' };
  try {
    const { result } = await fetchJson<Envelope<{ readonly id?: string }>>(client, call, signal);
    return result?.id;
  } catch (error) {
    if (error instanceof CloudflareError && error.act === 'pause') return undefined;
    throw error;
  }
}
