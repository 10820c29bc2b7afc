import { defineUserEndpoint } from '../endpoint.ts';
import { toAuthRefusal, toErrorReply, toJsonReply } from '../reply.ts';

/** GET /user/tokens/verify: the state of a user's token. Code 10000 among its messages means success. */
export const verifyUserToken = defineUserEndpoint({ method: 'GET', path: '/user/tokens/verify' }, ({ identity }, { switches }) => {
  if (identity.kind === 'global_key') return toErrorReply('16');
  if (identity.kind === 'account_token') return toAuthRefusal('15', switches());
  const messages = identity.status === 'active' ? [{ code: 10000, message: 'This API Token is valid and active', type: null }] : [];
  return toJsonReply({ result: { id: identity.id, status: identity.status }, success: true, errors: [], messages });
});
