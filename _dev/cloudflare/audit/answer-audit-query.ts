import { refuseField } from '../list-page.ts';
import { type Reply, toEnvelope } from '../reply.ts';
import type { Switches } from '../switches.ts';
import type { World } from '../world.ts';
import { auditFilter } from './audit-filter.ts';
import type { AuditSource } from './audit-source.ts';
import { countEvents, type EventQuery, queryEvents } from './query-events.ts';
import { readAuditQuery } from './read-audit-query.ts';
import { renderCsv } from './render-csv.ts';

const CAP = 3000;

/** The page of audit events (v1), of an account or a user, that a query asks for. */
export function answerAuditQuery(source: AuditSource, query: URLSearchParams, { clock, switches: readSwitches }: World): Reply {
  const switches = readSwitches();
  const asked = readAuditQuery(query, { nowMs: clock.now(), switches });
  if ('refusal' in asked) return asked.refusal;
  const nowMicros = clock.now() * 1000;
  const delayMicros = switches.indexingDelayMs * 1000;
  const skip = (asked.page - 1) * asked.perPage;
  const limit = switches.v1Cap3000 ? Math.max(0, Math.min(asked.perPage, CAP - skip)) : asked.perPage;
  const events: EventQuery = {
    ...asked,
    skip,
    limit,
    filter: auditFilter(query),
    settledUntil: nowMicros - delayMicros,
    isVisible: ({ delay, micros }) => micros + delay * delayMicros <= nowMicros,
  };
  const result = queryEvents(source, events).map(({ event }) => event);
  if (query.get('export') === 'true') return { status: 200, contentType: 'text/csv', body: renderCsv(result), count: () => result.length };
  if (result.length === 0 && asked.page > 1 && switches.pastLastPage === 400) return refuseField('page');
  const total = switches.resultInfo ? countEvents(source, events) : 0;
  return toPage(result, { page: asked.page, perPage: asked.perPage, total, switches });
}

function toPage(
  result: readonly unknown[],
  { page, perPage, total, switches }: { readonly page: number; readonly perPage: number; readonly total: number; readonly switches: Switches },
): Reply {
  const shown = result.length === 0 && switches.emptyResult === 'null' ? null : result;
  const info = { page, per_page: perPage, count: result.length, total_count: total, total_pages: Math.ceil(total / perPage) };
  return toEnvelope(shown, { count: result.length, ...(switches.resultInfo ? { resultInfo: info } : {}) });
}
