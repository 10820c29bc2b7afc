import { createActors } from './audit/actors.ts';
import type { AccountOptions, MemberOptions } from './options.ts';
import { drawHex, hashText, mix } from './random.ts';

/** A member of an account, as the API lists it. */
export interface Member {
  /** Id of the membership. */
  readonly id: string;
  readonly email: string;
  readonly status: 'accepted' | 'pending' | 'rejected';
  readonly roles: readonly object[];
  /** Absent as long as an invitation is not accepted by somebody who is no user yet. */
  readonly user?: {
    readonly id: string;
    readonly email: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly two_factor_authentication_enabled: boolean;
  };
}

const NAMES: Readonly<Record<string, readonly [first: string | null, last: string | null]>> = {
  'michelle@example.com': ['Michelle', 'Example'],
  'ops@example.com': [null, null],
  'secops@example.com': ['Sec', 'Ops'],
  'contractor@example.net': ['Con', null],
  'zoë.ångström@example.com': ['Zoë', 'Ångström'],
  'deploy+ci@example.com': ['', ''],
  "d.o'hara@example.org": ['Deirdre', "O'Hara"],
  '山田@example.jp': ['太郎', '山田'],
};

/** The members of an account: whoever acts in its events, and those of the options. */
export function createMembers({ id, seed, members = [] }: Pick<AccountOptions, 'members'> & { readonly id: string; readonly seed: number }): readonly Member[] {
  const salt = mix(seed, hashText(id));
  const acting = createActors(salt).map((actor): MemberOptions => {
    const [firstName = null, lastName = null] = NAMES[actor.email] ?? [];
    return { userId: actor.id, email: actor.email, firstName, lastName };
  });
  return [...acting, ...members].map((member) => toMember(member, salt));
}

function toMember({ id, userId, email, firstName = null, lastName = null, status = 'accepted' }: MemberOptions, salt: number): Member {
  const user = userId === undefined ? {} : { user: { id: userId, email, first_name: firstName, last_name: lastName, two_factor_authentication_enabled: true } };
  const role = { id: drawHex(salt, hashText('role'), 32), name: 'Administrator', description: 'May change everything.' };
  return { id: id ?? drawHex(mix(salt, hashText(email)), hashText('membership'), 32), email, status, roles: [role], ...user };
}
