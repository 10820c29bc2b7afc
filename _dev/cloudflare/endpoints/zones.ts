import { isKnownTo, isPermitted } from '../credentials.ts';
import { defineUserEndpoint } from '../endpoint.ts';
import { toListPage } from '../list-page.ts';
import type { World, Zone } from '../world.ts';

/** GET /zones: the zones that the caller may see, by `account.id`, `name` and `status`. */
export const zones = defineUserEndpoint({ method: 'GET', path: '/zones' }, ({ identity, query }, world) => {
  const visible = [...world.zones.values()]
    .filter(({ accountId, id }) =>
      world.switches().zonesList === 'narrowed' ? isPermitted(identity, 'Zone Read', [id, accountId]) : isKnownTo(identity, [id, accountId]),
    )
    .filter((zone) => isAsked(zone, query))
    .map((zone) => toZone(zone, world));
  return toListPage(visible, query);
});

function isAsked({ accountId, name }: Zone, query: URLSearchParams): boolean {
  const wanted = { 'account.id': accountId, name, status: 'active' };
  return Object.entries(wanted).every(([key, value]) => (query.get(key) ?? value) === value);
}

function toZone({ accountId, id, name }: Zone, { accounts }: World): object {
  const account = { id: accountId, name: accounts.get(accountId)?.name ?? '' };
  return { id, name, status: 'active', paused: false, type: 'full', account, plan: { id: 'enterprise', name: 'Enterprise Website', legacy_id: 'enterprise' } };
}
