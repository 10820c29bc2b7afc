import type { CloudflareOptions, CredentialOptions, Grants, Permission } from './options.ts';
import { drawHex, hashText, mix } from './random.ts';

/** Who makes a request. Holds no secret. */
export interface Identity {
  readonly kind: CredentialOptions['kind'];
  /** Public id of the token, or the user's for a global key. */
  readonly id: string;
  readonly status: 'active' | 'disabled' | 'expired';
  /** Absent for an account-owned token. */
  readonly user?: { readonly id: string; readonly email: string };
  /** The account that owns the token; absent for what a user owns. */
  readonly accountId?: string;
  readonly grants: Grants;
}

/** Finds identities by their secrets; the secrets never leave it. */
export interface Credentials {
  readonly findToken: (token: string) => Identity | undefined;
  readonly findKey: (email: string, key: string) => Identity | undefined;
  /** Everybody whom a token or key belongs to, each once. */
  readonly users: readonly NonNullable<Identity['user']>[];
}

const EVERYTHING: readonly Permission[] = ['Account Settings Read', 'Logs Read', 'Logs Write', 'Access: Audit Logs Read', 'Zone Read', 'User Details Read'];
const USER_EMAIL = 'michelle@example.com';

/** Made-up credentials for a playground: a token with every permission and an e-mail with its global key, both of one user. */
export const DEMO_CREDENTIALS = [
  { kind: 'user_token', token: `cfut_${'simulated'.repeat(5)}01`, email: USER_EMAIL },
  { kind: 'global_key', email: USER_EMAIL, key: `cfk_${'simulated'.repeat(5)}02` },
] as const satisfies readonly CredentialOptions[];

/** Builds the look-up of credentials. Credentials of the same e-mail or user id belong to one user. */
export function createCredentials({ seed = 1, credentials = DEMO_CREDENTIALS }: CloudflareOptions): Credentials {
  const tokens = new Map<string, Identity>();
  const keys = new Map<string, Identity>();
  for (const [index, credential] of credentials.entries()) {
    const identity = toIdentity(credential, seed, index);
    if (credential.kind === 'global_key') keys.set(`${credential.email}\n${credential.key}`, identity);
    else tokens.set(credential.token, identity);
  }
  const users = [...tokens.values(), ...keys.values()].flatMap(({ user }) => user ?? []);
  return {
    findToken: (token) => tokens.get(token),
    findKey: (email, key) => keys.get(`${email}\n${key}`),
    users: [...new Map(users.map((user) => [user.id, user])).values()],
  };
}

function toIdentity(credential: CredentialOptions, seed: number, index: number): Identity {
  if (credential.kind === 'global_key') {
    const user = toUser(credential, seed);
    return { kind: 'global_key', id: user.id, status: 'active', user, grants: credential.grants ?? { '*': EVERYTHING } };
  }
  const { kind, status = 'active' } = credential;
  const id = credential.id ?? drawHex(mix(seed, index), hashText('token'), 32);
  if (kind === 'account_token') {
    const { accountId } = credential;
    return { kind, id, status, accountId, grants: credential.grants ?? { [accountId]: EVERYTHING } };
  }
  return { kind, id, status, user: toUser(credential, seed), grants: credential.grants ?? { '*': EVERYTHING } };
}

function toUser(
  { email = USER_EMAIL, userId }: { readonly email?: string; readonly userId?: string },
  seed: number,
): { readonly id: string; readonly email: string } {
  return { id: userId ?? drawHex(mix(seed, hashText(email)), hashText('user'), 32), email };
}

/** Whether an identity holds a permission on an account, or on a zone (and then its account). */
export function isPermitted(identity: Identity, permission: Permission, resourceIds: readonly string[]): boolean {
  if (identity.accountId !== undefined && !resourceIds.includes(identity.accountId)) return false;
  return ['*', ...resourceIds].some((id) => identity.grants[id]?.includes(permission));
}

/** Whether an identity holds a permission on anything. */
export function isPermittedSomewhere({ grants }: Identity, permission: Permission): boolean {
  return Object.values(grants).some((permissions) => permissions.includes(permission));
}

/** Whether an identity holds any permission on an account or a zone (and then its account). */
export function isKnownTo(identity: Identity, resourceIds: readonly string[]): boolean {
  return EVERYTHING.some((permission) => isPermitted(identity, permission, resourceIds));
}
