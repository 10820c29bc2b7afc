import { CloudflareError } from '../errors.ts';
import type { CloudflareCredential } from '../settings/settings.ts';
import { type Envelope, fetchJson } from './fetch-json.ts';
import type { Client } from './open-client.ts';

/** A credential that Cloudflare knows. */
export interface Verification {
  /** A token of a user, a token that an account owns, or a user's global key. */
  readonly kind: 'userToken' | 'accountToken' | 'key';
  /** The token's or the user's id. */
  readonly id: string;
  /** `active`; tokens may also be `disabled` or `expired`. */
  readonly status: string;
  /** RFC 3339, where the token expires at all. */
  readonly expiresOn?: string;
}

/** What is verified. */
export interface VerifyOptions {
  readonly credential: CloudflareCredential;
  /** Accounts of the settings; without any, a token is asked about as a user's only. */
  readonly accountIds: readonly string[];
}

interface TokenResult {
  readonly id: string;
  readonly status?: string;
  readonly expires_on?: string;
}

type Ask = () => Promise<Verification>;

/**
 * Asks Cloudflare about the credential. The wrong route refuses a good token, so its prefix picks the route (`cfut_` user, `cfat_`
 * account), and without one both are tried. That a credential is good does not prove that it may read logs.
 * @throws CloudflareError when Cloudflare does not know it
 */
export async function verifyCredential(client: Client, { credential, accountIds }: VerifyOptions, signal: AbortSignal): Promise<Verification> {
  if (credential.kind === 'key') return verifyKey(client, signal);
  const [accountId] = accountIds;
  const asUser: Ask = () => verifyToken(client, { kind: 'userToken', path: '/user/tokens/verify' }, signal);
  const asAccount: readonly Ask[] =
    accountId === undefined
      ? []
      : [() => verifyToken(client, { kind: 'accountToken', path: `/accounts/${encodeURIComponent(accountId)}/tokens/verify` }, signal)];
  if (credential.token.startsWith('cfut_')) return asUser();
  if (credential.token.startsWith('cfat_')) return (asAccount[0] ?? asUser)();
  return firstGood([asUser, ...asAccount]);
}

async function firstGood([first, ...rest]: readonly [Ask, ...Ask[]]): Promise<Verification> {
  try {
    return await first();
  } catch (error) {
    const [next, ...others] = rest;
    if (next === undefined || !(error instanceof CloudflareError) || error.act !== 'pause') throw error;
    return firstGood([next, ...others]).catch((second: unknown) => {
      // The first answer is about the token itself; the second may only be about the account.
      throw second instanceof CloudflareError && second.act === 'pause' ? error : second;
    });
  }
}

async function verifyToken(client: Client, { kind, path }: { kind: 'userToken' | 'accountToken'; path: string }, signal: AbortSignal): Promise<Verification> {
  const call = { what: 'verifying the API token', scope: 'it', permission: undefined, path };
  const { result } = await fetchJson<Envelope<TokenResult>>(client, call, signal);
  return {
    kind,
    id: result?.id ?? '',
    status: result?.status ?? 'unknown',
    ...(result?.expires_on === undefined ? {} : { expiresOn: result.expires_on }),
  };
}

async function verifyKey(client: Client, signal: AbortSignal): Promise<Verification> {
  const call = { what: 'verifying auth_email and auth_key', scope: 'it', permission: undefined, path: '/user' };
  const { result } = await fetchJson<Envelope<{ readonly id: string; readonly suspended?: boolean }>>(client, call, signal);
  return { kind: 'key', id: result?.id ?? '', status: result?.suspended === true ? 'suspended' : 'active' };
}
