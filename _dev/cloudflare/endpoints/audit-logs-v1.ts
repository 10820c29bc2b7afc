import { answerAuditQuery } from '../audit/answer-audit-query.ts';
import { defineAccountEndpoint } from '../endpoint.ts';

/** GET /accounts/:account/audit_logs: audit events (v1) in pages. */
export const auditLogsV1 = defineAccountEndpoint(
  {
    method: 'GET',
    path: '/accounts/:account/audit_logs',
    permissions: ['Account Settings Read'],
    documentation: 'https://developers.cloudflare.com/api/resources/accounts/subresources/audit_logs/methods/list/',
  },
  ({ account, query }, world) => answerAuditQuery(account.audit, query, world),
);
