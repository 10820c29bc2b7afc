import type { AccessEvent } from './access/access-event.ts';
import type { AuditEvent } from './audit/audit-event.ts';
import type { AuditEventV2 } from './audit/audit-event-v2.ts';
import type { AuditSource } from './audit/audit-source.ts';
import { DEFAULT_FIELD_NAMES } from './logpull/fields.ts';
import type { LogpullRecord } from './logpull/logpull-record.ts';
import { compileLine, type Timestamps } from './logpull/render-line.ts';
import { parseDateOrDateTime, toMicrosCeil } from './times.ts';
import type { World, Zone } from './world.ts';

/** One answer that was sent, or begun. Holds no secret. */
export interface ServedRequest {
  /** 1, 2, 3, ... in the order of arrival. */
  readonly number: number;
  readonly method: string;
  /** Path below /client/v4. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Id of the token or the user; absent where nobody was recognised. */
  readonly identity?: string;
  /** Simulated time of arrival, ms. */
  readonly atMs: number;
  /** Real time it took, ms. */
  readonly tookMs: number;
  /** 0 where the connection was reset before an answer. */
  readonly status: number;
  /** Records in the answer; those made, where it did not end. */
  readonly count: number;
  /** Bytes of body on the wire. */
  readonly bytes: number;
  /** Whether the client received all of it. */
  readonly complete: boolean;
  /** Number of the fault that was at work. */
  readonly fault?: number;
  readonly ray: string;
}

/** A moment: milliseconds since the epoch, nanoseconds as bigint, or RFC 3339. */
export type Moment = number | bigint | string;

/** What exists and what was served. */
export interface Ledger {
  /** Every audit event of an account with `since <= when < before`, oldest first, whether or not it is visible yet. */
  readonly auditEvents: (accountId: string, since: Moment, before: Moment) => readonly AuditEvent[];
  /** The same for version 2 of the API. */
  readonly auditEventsV2: (accountId: string, since: Moment, before: Moment) => readonly AuditEventV2[];
  /** The same of a user. */
  readonly userAuditEvents: (userId: string, since: Moment, before: Moment) => readonly AuditEvent[];
  /** Every Zero Trust login of an account with `since <= created_at < before`, oldest first; none where Zero Trust is off. */
  readonly accessEvents: (accountId: string, since: Moment, before: Moment) => readonly AccessEvent[];
  /** Every Logpull line of a zone received in `[start, end)`, one by one, without line ends and with its keys in the order of `fields`. */
  readonly logpullLines: (
    zoneId: string,
    start: Moment,
    end: Moment,
    form?: { readonly fields?: readonly string[]; readonly timestamps?: Timestamps },
  ) => Iterable<string>;
  /** The same records before they are written. */
  readonly logpullRecords: (zoneId: string, start: Moment, end: Moment) => Iterable<LogpullRecord>;
  /** All answers so far, in the order in which they ended. */
  readonly requests: readonly ServedRequest[];
  /** Calls back for each answer that ends from now on; returns what stops it. */
  readonly onServed: (listener: (request: ServedRequest) => void) => () => void;
  /** Errors of the simulation itself; each was answered with 500. */
  readonly bugs: readonly unknown[];
}

/** A ledger that the server writes. */
export interface WritableLedger extends Ledger {
  readonly add: (request: ServedRequest) => void;
  readonly addBug: (error: unknown) => void;
}

/** The ledger of a world. */
export function createLedger({ accounts, users, zones }: World): WritableLedger {
  const requests: ServedRequest[] = [];
  const bugs: unknown[] = [];
  const listeners = new Set<(request: ServedRequest) => void>();
  const logpullRecords: Ledger['logpullRecords'] = (zoneId, start, end) =>
    demand<Zone>(zones.get(zoneId), `zone ${zoneId}`).logpull.read({ start: toMicros(start), end: toMicros(end) });
  return {
    requests,
    bugs,
    logpullRecords,
    auditEvents: (accountId, since, before) => listEvents(demand(accounts.get(accountId), `account ${accountId}`).audit, { since, before }),
    auditEventsV2: (accountId, since, before) => listEvents(demand(accounts.get(accountId), `account ${accountId}`).auditV2, { since, before }),
    userAuditEvents: (userId, since, before) => listEvents(demand(users.get(userId), `user ${userId}`).audit, { since, before }),
    accessEvents: (accountId, since, before) => {
      const { access } = demand(accounts.get(accountId), `account ${accountId}`);
      return access === undefined ? [] : listEvents(access.source, { since, before });
    },
    *logpullLines(zoneId, start, end, { fields = DEFAULT_FIELD_NAMES, timestamps = 'unixnano' } = {}) {
      const render = compileLine({ fields, timestamps });
      for (const record of logpullRecords(zoneId, start, end)) yield render(record);
    },
    onServed: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (request) => {
      requests.push(request);
      for (const listener of listeners) listener(request);
    },
    addBug: (error) => bugs.push(error),
  };
}

function listEvents<E>(audit: AuditSource<E>, { since, before }: { readonly since: Moment; readonly before: Moment }): readonly E[] {
  const range = { first: toMicros(since), last: toMicros(before) - 1 };
  const { first, last } = audit.buckets(range);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => audit.read(first + step))
    .flat()
    .filter(({ micros }) => micros >= range.first && micros <= range.last)
    .map(({ event }) => event);
}

function toMicros(moment: Moment): number {
  if (typeof moment === 'bigint') return toMicrosCeil(moment);
  if (typeof moment === 'number') return Math.ceil(moment * 1000);
  const nanos = parseDateOrDateTime(moment);
  if (nanos === undefined) throw new Error(`"${moment}" is no RFC 3339 date or date-time`);
  return toMicrosCeil(nanos);
}

function demand<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`there is no ${what}`);
  return found;
}
