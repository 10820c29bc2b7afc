import { answerAuditQuery } from '../audit/answer-audit-query.ts';
import { isPermittedSomewhere } from '../credentials.ts';
import { defineUserEndpoint } from '../endpoint.ts';
import { toErrorReply, toRefusal } from '../reply.ts';

const V2 = 'https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/';
const DOCUMENTATION = 'https://developers.cloudflare.com/api/resources/user/subresources/audit_logs/methods/list/';

/** GET /user/audit_logs: audit events of the caller, in the pages of audit logs v1; a token that an account owns has no user. */
export const userAuditLogs = defineUserEndpoint({ method: 'GET', path: '/user/audit_logs' }, ({ identity, query }, world) => {
  const { authStatus } = world.switches();
  const user = world.users.get(identity.user?.id ?? '');
  if (user === undefined) return toRefusal(authStatus === 'documented' ? 403 : authStatus, 9109, 'Unauthorized to access requested resource');
  if (!isPermittedSomewhere(identity, 'Account Settings Read')) {
    return toErrorReply('01', { replace: { [V2]: DOCUMENTATION }, ...(authStatus === 'documented' ? {} : { status: authStatus }) });
  }
  return answerAuditQuery(user.audit, query, world);
});
