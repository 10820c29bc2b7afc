import { listAll } from './list-all.ts';
import type { Client } from './open-client.ts';

/** Who a member of an account is, as far as Cloudflare says. */
export interface Member {
  readonly name?: string;
  readonly email?: string;
}

/** The members of an account, each under the id of the user and that of the membership. */
export interface MemberList {
  readonly byId: ReadonlyMap<string, Member>;
  readonly count: number;
  /** The account may have more. */
  readonly isCut: boolean;
}

/** A member as the API lists it; whoever has not accepted yet may have no user. */
interface ListedMember {
  readonly id: string;
  readonly email?: string | null;
  readonly user?: {
    readonly id?: string | null;
    readonly email?: string | null;
    readonly first_name?: string | null;
    readonly last_name?: string | null;
  } | null;
}

/** How many members of one account are taken, to the page: a hundred requests. */
export const MOST_MEMBERS = 5_000;

/**
 * Lists the members of an account.
 * @see https://developers.cloudflare.com/api/resources/accounts/subresources/members/methods/list/
 * @throws CloudflareError, InterruptedError
 */
export async function listMembers(client: Client, accountId: string, signal: AbortSignal): Promise<MemberList> {
  const scope = `account ${accountId}`;
  const path = `/accounts/${encodeURIComponent(accountId)}/members`;
  const call = { what: `listing the members of ${scope}`, scope, permission: 'Account Settings Read', path };
  const listed = await listAll<ListedMember>(client, call, { signal, most: MOST_MEMBERS });
  return { byId: new Map(listed.flatMap(toEntries)), count: listed.length, isCut: listed.length >= MOST_MEMBERS };
}

function toEntries(listed: ListedMember): readonly (readonly [id: string, member: Member])[] {
  const { id, user } = listed;
  const name = [user?.first_name, user?.last_name].filter((part) => part !== undefined && part !== null && part !== '').join(' ');
  const email = user?.email || listed.email;
  const member: Member = { ...(name === '' ? {} : { name }), ...(email ? { email } : {}) };
  return [id, user?.id].flatMap((key) => (key ? [[key, member] as const] : []));
}
