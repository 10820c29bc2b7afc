import { defineAccountEndpoint } from '../endpoint.ts';
import { refuseField, toListPage } from '../list-page.ts';
import type { Member } from '../members.ts';
import { toErrorReply } from '../reply.ts';

const DOCUMENTATION = 'https://developers.cloudflare.com/api/resources/accounts/subresources/members/methods/list/';

const ORDERS: Readonly<Record<string, (member: Member) => string>> = {
  'user.first_name': ({ user }) => user?.first_name ?? '',
  'user.last_name': ({ user }) => user?.last_name ?? '',
  'user.email': ({ user, email }) => user?.email ?? email,
  status: ({ status }) => status,
};
const STATUSES: readonly string[] = ['accepted', 'pending', 'rejected'];

/** GET /accounts/:account/members: the members of an account in pages, by `status`, in the `order` that is asked for. */
export const members = defineAccountEndpoint(
  { method: 'GET', path: '/accounts/:account/members', permissions: ['Account Settings Read'], documentation: DOCUMENTATION },
  ({ account, query }, { switches }) => {
    const { authStatus, membersList } = switches();
    const audit = 'https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/';
    if (membersList === 'refused')
      return toErrorReply('01', { replace: { [audit]: DOCUMENTATION }, ...(authStatus === 'documented' ? {} : { status: authStatus }) });
    const [status, order, direction] = ['status', 'order', 'direction'].map((name) => query.get(name));
    if (typeof status === 'string' && !STATUSES.includes(status)) return refuseField('status');
    const toKey = ORDERS[order ?? 'user.email'];
    if (toKey === undefined) return refuseField('order');
    const found = account.members.filter((member) => typeof status !== 'string' || member.status === status);
    const sorted = found.toSorted((one, other) => (toKey(one) < toKey(other) ? -1 : 1));
    return toListPage(direction === 'desc' ? sorted.toReversed() : sorted, query);
  },
);
