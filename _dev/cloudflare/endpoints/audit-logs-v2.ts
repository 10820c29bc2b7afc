import type { AuditEventV2 } from '../audit/audit-event-v2.ts';
import { auditFilterV2 } from '../audit/audit-filter-v2.ts';
import type { PlacedEvent } from '../audit/audit-source.ts';
import { type CursorV2, renderCursor, toCursorQuery } from '../audit/cursor-v2.ts';
import { queryEvents } from '../audit/query-events.ts';
import { type AuditQueryV2, readAuditQueryV2 } from '../audit/read-audit-query-v2.ts';
import { defineAccountEndpoint } from '../endpoint.ts';
import { type Reply, toJsonReply } from '../reply.ts';
import type { Switches } from '../switches.ts';

/** GET /accounts/:account/logs/audit: audit events (v2), page by page behind a cursor. */
export const auditLogsV2 = defineAccountEndpoint(
  {
    method: 'GET',
    path: '/accounts/:account/logs/audit',
    permissions: ['Account Settings Read'],
    documentation: 'https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/',
  },
  ({ account, query }, { clock, switches: readSwitches }) => {
    const switches = readSwitches();
    const asked = readAuditQueryV2(query, { nowMs: clock.now(), switches });
    if ('refusal' in asked) return asked.refusal;
    const nowMicros = clock.now() * 1000;
    const delayMicros = switches.indexingDelayMs * 1000;
    const found = queryEvents(account.auditV2, {
      direction: asked.direction,
      range: toRest(asked),
      skip: asked.cursor?.skip ?? 0,
      limit: asked.limit + 1,
      filter: auditFilterV2(query),
      settledUntil: nowMicros - delayMicros,
      isVisible: ({ delay, micros }) => micros + delay * delayMicros <= nowMicros,
    });
    const page = found.slice(0, asked.limit);
    const isLast = found.length <= asked.limit;
    const next = page.length === 0 || (isLast && !switches.v2LastCursor) ? undefined : renderCursor(toNext(page, asked, toCursorQuery(query)));
    return toPage(page, next, switches);
  },
);

/** What lies behind the cursor; events of its very time are skipped one by one. */
function toRest({ cursor, direction, range }: AuditQueryV2): AuditQueryV2['range'] {
  if (cursor === undefined) return range;
  return direction === 'asc' ? { ...range, first: Math.max(range.first, cursor.micros) } : { ...range, last: Math.min(range.last, cursor.micros) };
}

function toNext(page: readonly PlacedEvent<AuditEventV2>[], { cursor }: AuditQueryV2, query: string): CursorV2 {
  const micros = page.at(-1)?.micros ?? 0;
  const ofTime = page.filter((placed) => placed.micros === micros).length;
  return { micros, skip: ofTime + (cursor?.micros === micros ? cursor.skip : 0), query };
}

function toPage(page: readonly PlacedEvent<AuditEventV2>[], next: string | undefined, { emptyResult, v2Count, v2Cursor }: Switches): Reply {
  const result = page.length === 0 && emptyResult === 'null' ? null : page.map(({ event }) => event);
  const count = v2Count === 'string' ? String(page.length) : page.length;
  const named = next === undefined ? {} : v2Cursor === 'cursor' ? { cursor: next } : { cursors: { after: next } };
  return toJsonReply({ success: true, errors: [], result, result_info: { count, ...named } }, { count: page.length });
}
