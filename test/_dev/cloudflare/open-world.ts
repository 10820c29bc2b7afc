import { onTestFinished } from 'vitest';
import { createClock } from '../../../_dev/cloudflare/clock.ts';
import { DEMO_CREDENTIALS } from '../../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../../_dev/cloudflare/start-cloudflare.ts';

/** The time at which worlds stand still. */
export const NOW = Date.parse('2026-11-20T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** An answer as a test looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A simulated API and a client of it. */
export interface World extends SimulatedCloudflare {
  readonly accountId: string;
  readonly zoneId: string;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** The records of a good audit answer. */
  readonly readAudit: (query: Readonly<Record<string, string | number>>) => Promise<readonly AuditRecord[]>;
  /** The lines of a good Logpull answer. */
  readonly readLines: (query: Readonly<Record<string, string | number>>) => Promise<readonly string[]>;
}

/** An audit record with what tests read of it. */
export interface AuditRecord {
  readonly id: string;
  readonly when: string;
  readonly action?: { readonly type: string; readonly result: boolean };
  readonly actor?: { readonly email?: string; readonly ip?: string; readonly type: string };
}

/** Headers that the token of DEMO_CREDENTIALS is sent in. */
export const TOKEN_HEADERS = { authorization: `Bearer ${DEMO_CREDENTIALS[0].token}` };
/** Headers that the key of DEMO_CREDENTIALS is sent in. */
export const KEY_HEADERS = { 'x-auth-email': DEMO_CREDENTIALS[1].email, 'x-auth-key': DEMO_CREDENTIALS[1].key };

/** Starts a simulated API whose clock stands still at NOW, without rate limits; it ends with the test. */
export async function openWorld(options: CloudflareOptions = {}): Promise<World> {
  const cloudflare = await startCloudflare({ clock: createClock({ start: NOW, speed: 0 }), limits: 'off', ...options });
  onTestFinished(cloudflare.close);
  const accountId = cloudflare.accounts[0]?.id ?? '';
  const zoneId = cloudflare.zones[0]?.id ?? '';
  const get: World['get'] = async (path, headers = TOKEN_HEADERS) => {
    const response = await fetch(cloudflare.url + path, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    ...cloudflare,
    accountId,
    zoneId,
    get,
    readAudit: async (query) => {
      const { status, text } = await get(`/accounts/${accountId}/audit_logs?${toSearch(query)}`);
      if (status !== 200) throw new Error(`${status} ${text}`);
      return (JSON.parse(text) as { readonly result: readonly AuditRecord[] | null }).result ?? [];
    },
    readLines: async (query) => {
      const { status, text } = await get(`/zones/${zoneId}/logs/received?${toSearch(query)}`);
      if (status !== 200) throw new Error(`${status} ${text}`);
      return text.split('\n').slice(0, -1);
    },
  };
}

/** A query string. */
export function toSearch(query: Readonly<Record<string, string | number>>): string {
  return new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
}

/** RFC 3339 of milliseconds. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
