import { createHash } from 'node:crypto';

/**
 * The id that a record must be stored under, made anew from the text of the published format: `1`, the event's epoch milliseconds as 12
 * hexadecimal digits (zeros without a time), base64url of the first 16 bytes of SHA-256 over the parts, each preceded by its length in bytes.
 */
export function toExpectedId(parts: readonly string[], timeMs: number | undefined): string {
  const sum = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8');
    sum.update(`${bytes.length}:`).update(bytes);
  }
  const time = (timeMs ?? 0).toString(16);
  return `1${'0'.repeat(12 - time.length)}${time}${sum.digest().subarray(0, 16).toString('base64url')}`;
}

/** The id of an audit event of API v1. */
export function toAuditId(accountId: string, { id = '', when }: { readonly id?: string; readonly when?: string }): string {
  return toExpectedId(['v1', accountId, id], when === undefined ? undefined : Math.floor(Date.parse(when)));
}

/** The id of an audit event of the credential's user. */
export function toUserAuditId(event: { readonly id?: string; readonly when?: string }): string {
  return toAuditId('user', event);
}

const ACCESS_TUPLE = ['ray_id', 'created_at', 'action', 'app_uid', 'user_email', 'ip_address', 'connection', 'allowed'] as const;

/** The id of a Zero Trust login; two that are equal in all of this share it. */
export function toAccessId(accountId: string, event: { readonly [Name in (typeof ACCESS_TUPLE)[number]]?: string | boolean }): string {
  const tuple = ACCESS_TUPLE.map((name) => String(event[name] ?? ''));
  return toExpectedId(['access_requests', accountId, ...tuple], event.created_at === undefined ? undefined : Math.floor(Date.parse(String(event.created_at))));
}

const LOGPULL_TUPLE = ['RayID', 'EdgeStartTimestamp', 'EdgeEndTimestamp', 'ClientIP', 'ClientRequestMethod', 'ClientRequestURI'];

/** The id of a Logpull line, whose times are nanoseconds since the epoch. */
export function toLogpullId(zoneId: string, line: string): string {
  // As texts, since 19 digits are more than a double holds.
  const record = JSON.parse(line.replaceAll(/:(\d{16,19})(?=[,}])/g, ':"$1"')) as Readonly<Record<string, string>>;
  const tuple = LOGPULL_TUPLE.map((name) => record[name] ?? '');
  return toExpectedId(['received', zoneId, ...tuple], Number(BigInt(record.EdgeStartTimestamp ?? '0') / 1_000_000n));
}
