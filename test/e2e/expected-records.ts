import type { Ledger } from '../../_dev/cloudflare/ledger.ts';
import { toAuditId, toLogpullId } from './expected-id.ts';

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

/** Every Logpull line of a zone that the ledger holds for a stretch, with the fields that were asked for. */
export function toLogpullRecords(ledger: Ledger, zoneId: string, { since, before }: Stretch): readonly ExpectedRecord[] {
  const conf = { source: 'received', zone_id: zoneId };
  const asked = ledger.requests.findLast(({ path }) => path.endsWith(`${zoneId}/logs/received`))?.query.fields;
  if (asked === undefined) throw new Error(`nobody asked for lines of zone ${zoneId}`);
  return [...ledger.logpullLines(zoneId, since, before, { fields: asked.split(',') })].map((raw) => ({ id: toLogpullId(zoneId, raw), raw, conf }));
}

/** The latest end of a window that was asked of an account or zone: so far the collector says that it has got. */
export function readAskedUntil({ requests }: Ledger, scopeId: string): number {
  const ends = requests.filter(({ path }) => path.includes(scopeId)).flatMap(({ query }) => query.before ?? query.end ?? []);
  if (ends.length === 0) throw new Error(`nobody asked for anything of ${scopeId}`);
  return Math.max(...ends.map((end) => Date.parse(end)));
}
