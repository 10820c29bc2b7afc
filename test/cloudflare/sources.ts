import type { Timing } from '../../src/cloudflare/timing.ts';
import type { SourceDefinition } from '../../src/definition/definition.ts';
import type { ConnectionSettings } from '../../src/settings/settings.ts';

/** Account ids and zone ids of the tests. */
export const ACCOUNT = '0123456789abcdef0123456789abcdef';
export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353';

/** An audit source with small pages. */
export function auditSource(pageSize = 1000): SourceDefinition {
  return {
    name: 'v1',
    scope: 'account',
    permission: 'Account Settings Read',
    request: { method: 'GET', path: '/accounts/{account_id}/audit_logs', query: { direction: 'asc' } },
    window: { since: 'since', before: 'before', inclusive: 'both', maxMs: 86_400_000, retentionMs: 545 * 86_400_000, lagMs: 60_000, overlapMs: 300_000 },
    page: { number: 'page', size: { per_page: pageSize }, stop: 'short' },
    records: 'result',
    id: ['id'],
    time: 'when',
  };
}

/** The Logpull source. */
export const linesSource: SourceDefinition = {
  name: 'received',
  scope: 'zone',
  permission: 'Logs Read',
  request: { method: 'GET', path: '/zones/{zone_id}/logs/received', query: { fields: '${fields}', timestamps: 'unixnano' } },
  window: { since: 'start', before: 'end', inclusive: 'since', maxMs: 3_600_000, retentionMs: 604_800_000, lagMs: 300_000, overlapMs: 0 },
  records: 'ndjson',
  id: ['RayID', 'EdgeStartTimestamp', 'EdgeEndTimestamp', 'ClientIP', 'ClientRequestMethod', 'ClientRequestURI'],
  time: 'EdgeStartTimestamp',
};

/** A connection to a server of the tests. */
export function connectionTo(apiUrl: string, more: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    name: 'main',
    namespace: 'default',
    apiUrl,
    credential: { kind: 'token', token: 'a-secret-token-of-forty-characters-000001' },
    ssl: { certificateAuthorities: [], verification: 'full' },
    timeoutMs: 5_000,
    streams: [],
    ...more,
  };
}

/** A clock that only sleeping moves. */
export interface TestTiming extends Timing {
  readonly slept: number[];
}

/** Starts such a clock; chance is always one half. */
export function createTiming(start = Date.parse('2026-11-20T12:00:00Z')): TestTiming {
  let time = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      time += ms;
    },
  };
}

/** The audit source of version 2 with small pages. */
export function auditSourceV2(pageSize = 1000): SourceDefinition {
  return {
    ...auditSource(),
    name: 'v2',
    request: { method: 'GET', path: '/accounts/{account_id}/logs/audit', query: { direction: 'asc' } },
    page: { cursor: 'cursor', from: ['result_info.cursor', 'result_info.cursors.after'], size: { limit: pageSize } },
    time: 'action.time',
  };
}
