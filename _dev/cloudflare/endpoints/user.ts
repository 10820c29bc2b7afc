import { isPermitted } from '../credentials.ts';
import { defineUserEndpoint } from '../endpoint.ts';
import { toEnvelope, toErrorReply, toRefusal } from '../reply.ts';

const DOCUMENTATION = 'https://developers.cloudflare.com/api/resources/user/methods/get/';

/** GET /user: who the caller is; nobody, for a token that an account owns. */
export const user = defineUserEndpoint({ method: 'GET', path: '/user' }, ({ identity }, { switches }) => {
  const { authStatus } = switches();
  if (!identity.user) return toRefusal(authStatus === 'documented' ? 403 : authStatus, 9109, 'Unauthorized to access requested resource');
  if (!isPermitted(identity, 'User Details Read', []))
    return toErrorReply('01', {
      replace: { 'https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/': DOCUMENTATION },
    });
  return toEnvelope({
    id: identity.user.id,
    email: identity.user.email,
    first_name: null,
    last_name: null,
    suspended: false,
    two_factor_authentication_enabled: true,
  });
});
