import { CloudflareError } from '../errors.ts';
import type { CloudflareCredential } from '../settings/settings.ts';
import type { Verification } from './verify-credential.ts';

/** What a source of a user's own events is read with. */
interface DemandOptions {
  readonly credential: CloudflareCredential;
  /** Asks whether Cloudflare knows the token as a user's. */
  readonly verify: (signal: AbortSignal) => Promise<Verification>;
}

/** Resolves where the credential belongs to a user. `stream` names what would be read. */
export type DemandUser = (stream: string, signal: AbortSignal) => Promise<void>;

const HINT =
  'Read this stream in a connection with an API token of a user (Cloudflare dashboard, My Profile > API Tokens), or with auth_email and auth_key; or remove it from this connection.';

/**
 * Prepares the refusal of tokens that an account owns: they have no user, so an endpoint of the user can only refuse them. A token whose prefix tells costs
 * no request; of another one Cloudflare is asked, until it knows the token as a user's.
 * @throws CloudflareError of act `pause` for such a token
 */
export function createDemandUser({ credential, verify }: DemandOptions): DemandUser {
  let isKnown = credential.kind === 'key' || credential.token.startsWith('cfut_');
  return async (stream, signal) => {
    if (isKnown) return;
    const what = `reading ${stream} of the credential's user`;
    if (credential.kind === 'token' && credential.token.startsWith('cfat_')) throw toRefusal(`${what}: the API token belongs to an account, which has no user`);
    await verify(signal).catch((error: unknown) => {
      if (!(error instanceof CloudflareError) || !error.codes.includes(INVALID_TOKEN)) throw error;
      throw toRefusal(`${what}: Cloudflare does not know the API token as one of a user (${INVALID_TOKEN} Invalid API Token)`, error);
    });
    isKnown = true;
  };
}

/** What verifying answers for a good token that an account owns, asked about as a user's. */
const INVALID_TOKEN = 1000;

function toRefusal(message: string, cause?: CloudflareError): CloudflareError {
  return new CloudflareError(message, { act: 'pause', hint: HINT, ...(cause === undefined ? {} : { cause, status: cause.status, codes: cause.codes }) });
}
