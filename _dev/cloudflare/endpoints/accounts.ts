import { isKnownTo, isPermitted } from '../credentials.ts';
import { defineUserEndpoint } from '../endpoint.ts';
import { toListPage } from '../list-page.ts';
import { toRefusal } from '../reply.ts';

/** GET /accounts: the accounts that the caller may see; refused to tokens that an account owns. */
export const accounts = defineUserEndpoint({ method: 'GET', path: '/accounts' }, ({ identity, query }, { accounts: all, switches }) => {
  if (identity.kind === 'account_token') return toRefusal(400, 1001, 'List accounts endpoint does not support account owned tokens.');
  const name = query.get('name');
  const visible = [...all.values()]
    .filter((account) =>
      switches().accountsList === 'narrowed' ? isPermitted(identity, 'Account Settings Read', [account.id]) : isKnownTo(identity, [account.id]),
    )
    .filter((account) => name === null || account.name === name)
    .map((account) => ({ id: account.id, name: account.name, type: 'standard', settings: { enforce_twofactor: false }, created_on: '2019-04-01T08:00:00Z' }));
  return toListPage(visible, query);
});
