import type { ApiCall, ApiFacts, RateLimitFact, Trouble } from '../definition/api-facts.ts';
import { rateLimits } from './budget.ts';
import { errorMessages } from './error-messages.ts';
import { type ErrorRow, errorTable } from './error-table.ts';

type Blanks = Readonly<Record<string, string>>;

/** What the blanks of a hint are called where nobody knows yet which account, zone or credential it is about. */
const general: Blanks = {
  scope: 'the account or zone',
  credential: '`api_token`, or `auth_email` and `auth_key`,',
  grant:
    'Give the token the permission that the data stream needs, for this account or zone; with a global API key, let an administrator give its user a role that has it',
  permission: 'the permission that the data stream needs',
};

/** Rows about Logpull are about zones. */
function fillIn({ name, on, hint }: ErrorRow): string {
  const blanks: Blanks = on === 'lines' || name.startsWith('logpull-') ? { ...general, scope: 'the zone' } : general;
  return hint.replace(/\{(\w+)\}/g, (whole, blank: string) => blanks[blank] ?? whole);
}

function toTroubles(): readonly Trouble[] {
  const groups = new Map<string, Trouble>();
  for (const row of errorTable) {
    const hint = fillIn(row);
    const key = `${row.act} ${hint}`;
    const says = [...(groups.get(key)?.says ?? []), ...(errorMessages[row.name] ?? [])];
    groups.set(key, { act: row.act, says: [...new Set(says)], hint });
  }
  return [...groups.values()];
}

const limits: readonly RateLimitFact[] = [
  { counts: 'all requests of one Cloudflare user: every token, the global API key and the dashboard together', ...rateLimits.user },
  { counts: 'Logpull requests for one zone', ...rateLimits.logpullZone },
  { counts: 'Logpull requests of one user, over all zones', ...rateLimits.logpullUser },
];

const calls: readonly ApiCall[] = [
  { method: 'GET', path: '/user/tokens/verify', purpose: 'at the start, daily, and by `check`: whether a token of a user is valid, and until when' },
  { method: 'GET', path: '/accounts/{account_id}/tokens/verify', purpose: 'the same for a token that an account owns' },
  { method: 'GET', path: '/user', purpose: 'at the start: whose rate limit the requests count against', permission: 'User Details Read' },
  { method: 'GET', path: '/accounts', purpose: 'with `account_id: all`, every 15 minutes: which accounts there are', permission: 'Account Settings Read' },
  { method: 'GET', path: '/zones', purpose: 'with `zone_id: all`, every 15 minutes: which zones there are', permission: 'Zone Read' },
  {
    method: 'GET',
    path: '/accounts/{account_id}/members',
    purpose: 'with `resolve_members`, when an event names somebody by ID alone: who the members are; again after an hour, or for an ID that is new',
    permission: 'Account Settings Read',
  },
  {
    method: 'GET',
    path: '/zones/{zone_id}/logs/received/fields',
    purpose: 'before the first window of a zone: which of the wanted fields it offers',
    permission: 'Logs Read',
  },
];

/** What this room knows of Cloudflare's API beside the declarations; hints that say the same are one trouble. */
export const apiFacts: ApiFacts = { troubles: toTroubles(), rateLimits: limits, calls };
