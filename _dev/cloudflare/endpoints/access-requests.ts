import { readAccessQuery } from '../access/read-access-query.ts';
import { queryEvents } from '../audit/query-events.ts';
import { defineAccountEndpoint } from '../endpoint.ts';
import { toEnvelope, toErrorReply } from '../reply.ts';

/** GET /accounts/:account/access/logs/access_requests: Zero Trust logins in pages. What is no longer kept is left out without a word. */
export const accessRequests = defineAccountEndpoint(
  {
    method: 'GET',
    path: '/accounts/:account/access/logs/access_requests',
    permissions: ['Access: Audit Logs Read'],
    documentation:
      'https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/logs/subresources/access_requests/methods/list/',
  },
  ({ account, query }, { clock, switches: readSwitches }) => {
    if (account.access === undefined) return toErrorReply('26');
    const switches = readSwitches();
    const nowMs = clock.now();
    const asked = readAccessQuery(query, { nowMs, switches, retentionMs: account.access.retentionMs });
    if ('refusal' in asked) return asked.refusal;
    const delayMicros = switches.indexingDelayMs * 1000;
    const placed = queryEvents(account.access.source, {
      ...asked,
      skip: (asked.page - 1) * asked.perPage,
      limit: asked.perPage,
      settledUntil: nowMs * 1000 - delayMicros,
      isVisible: ({ delay, micros }) => micros + delay * delayMicros <= nowMs * 1000,
    });
    const result = placed.map(({ event }) => event);
    return toEnvelope(result.length === 0 && switches.emptyResult === 'null' ? null : result, { count: result.length });
  },
);
