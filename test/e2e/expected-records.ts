import type { Ledger } from '../../_dev/cloudflare/ledger.ts';
import { toAccessId, toAuditId, toLogpullId, toUserAuditId } from './expected-id.ts';

/** A record that must be stored, and the id it must have. */
export interface ExpectedRecord {
  readonly id: string;
  /** JSON text, as Cloudflare sends it. */
  readonly raw: string;
  /** What the collector adds to it. */
  readonly conf: Readonly<Record<string, string>>;
}

/** A stretch of time, half-open; epoch milliseconds. */
export interface Stretch {
  readonly since: number;
  readonly before: number;
}

/** Every audit event of an account that the ledger holds for a stretch. */
export function toAuditRecords(ledger: Ledger, accountId: string, { since, before }: Stretch): readonly ExpectedRecord[] {
  const conf = { source: 'v1', account_id: accountId };
  return ledger.auditEvents(accountId, since, before).map((event) => ({ id: toAuditId(accountId, event), raw: JSON.stringify(event), conf }));
}

/** Every audit event of a user that the ledger holds for a stretch. */
export function toUserAuditRecords(ledger: Ledger, userId: string, { since, before }: Stretch): readonly ExpectedRecord[] {
  const conf = { source: 'v1', user_id: 'user' };
  return ledger.userAuditEvents(userId, since, before).map((event) => ({ id: toUserAuditId(event), raw: JSON.stringify(event), conf }));
}

/** Every Zero Trust login of an account that the ledger holds for a stretch; those that are there twice stand here twice. */
export function toAccessRecords(ledger: Ledger, accountId: string, { since, before }: Stretch): readonly ExpectedRecord[] {
  const conf = { source: 'access_requests', account_id: accountId };
  return ledger.accessEvents(accountId, since, before).map((event) => ({ id: toAccessId(accountId, { ...event }), raw: JSON.stringify(event), conf }));
}

/** Every Logpull line of a zone that the ledger holds for a stretch, with the fields that were asked for. */
export function toLogpullRecords(ledger: Ledger, zoneId: string, { since, before }: Stretch): readonly ExpectedRecord[] {
  const conf = { source: 'received', zone_id: zoneId };
  const asked = ledger.requests.findLast(({ path }) => path.endsWith(`${zoneId}/logs/received`))?.query.fields;
  if (asked === undefined) throw new Error(`nobody asked for lines of zone ${zoneId}`);
  return [...ledger.logpullLines(zoneId, since, before, { fields: asked.split(',') })].map((raw) => ({ id: toLogpullId(zoneId, raw), raw, conf }));
}

/** The latest end of a window that was asked of the paths with this part, such as an account's or zone's id: so far the collector says that it has got. */
export function readAskedUntil({ requests }: Ledger, part: string): number {
  const ends = requests.filter(({ path }) => path.includes(part)).flatMap(({ query }) => query.before ?? query.end ?? query.until ?? []);
  if (ends.length === 0) throw new Error(`nobody asked for anything of ${part}`);
  return Math.max(...ends.map((end) => Date.parse(end)));
}
