import type { CredentialOptions, Rights } from './options.ts';
import { Refused } from './reply.ts';

/** Whoever asks. */
export interface Identity {
  readonly username: string;
  readonly rights: Rights;
}

/**
 * Who the header `Authorization` names; undefined where there is none.
 * @throws {Refused} where nobody is known by it
 */
export function authenticate(header: string | undefined, credentials: readonly CredentialOptions[]): Identity | undefined {
  if (header === undefined) return undefined;
  const [scheme, value] = header.split(' ');
  const known = credentials.find((credential) => {
    if (credential.kind === 'apiKey') return scheme === 'ApiKey' && value === credential.encoded;
    return scheme === 'Basic' && value === Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  });
  if (known === undefined) throw new Refused(401, `[security_exception]: unable to authenticate with the provided credentials for REST request`);
  return { username: known.kind === 'basic' ? known.username : 'api_key', rights: known.rights ?? 'all' };
}
