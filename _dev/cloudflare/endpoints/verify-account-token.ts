import { defineAccountEndpoint } from '../endpoint.ts';
import { toAuthRefusal, toErrorReply, toJsonReply } from '../reply.ts';

/** GET /accounts/:account/tokens/verify: the state of a token that the account owns. */
export const verifyAccountToken = defineAccountEndpoint({ method: 'GET', path: '/accounts/:account/tokens/verify' }, ({ account, identity }, { switches }) => {
  if (identity.kind === 'global_key') return toErrorReply('16');
  if (identity.accountId !== account.id) return toAuthRefusal('15', switches());
  const result = { id: identity.id, status: identity.status, expires_on: '2099-01-01T00:00:00Z', not_before: '2018-07-01T05:20:00Z' };
  return toJsonReply({ errors: [], messages: [], success: true, result });
});
