import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials, Identity } from './credentials.ts';
import { type Reply, toAuthRefusal, toErrorReply, toRefusal } from './reply.ts';
import type { Switches } from './switches.ts';

/** Who is asking, or the refusal. An inactive token is known, so that verify can name its state. */
export type Authentication = { readonly identity: Identity } | { readonly refusal: Reply };

interface AuthenticationRequest {
  readonly headers: IncomingHttpHeaders;
  /** Path below /client/v4. */
  readonly path: string;
  readonly credentials: Credentials;
  readonly switches: Switches;
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{40,})$/;
const KEY = /^([0-9a-f]{37,45}|cfk_[A-Za-z0-9_-]{40,})$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Reads the credential headers of a request as Cloudflare does, with its refusals. */
export function authenticate(request: AuthenticationRequest): Authentication {
  const authorization = request.headers.authorization;
  const email = request.headers['x-auth-email'] as string | undefined;
  const key = request.headers['x-auth-key'] as string | undefined;
  const hasKeyHeaders = email !== undefined || key !== undefined;
  if (authorization !== undefined && hasKeyHeaders) return { refusal: toAuthRefusal('10', request.switches) };
  if (authorization !== undefined) return authenticateToken(authorization, request);
  return hasKeyHeaders ? authenticateKey(email, key, request) : { refusal: toErrorReply('05') };
}

function authenticateToken(authorization: string, { credentials, path, switches }: AuthenticationRequest): Authentication {
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) return { refusal: toErrorReply('03') };
  const identity = credentials.findToken(token);
  const isVerify = path.endsWith('/tokens/verify');
  if (identity && (identity.status === 'active' || isVerify)) return { identity };
  if (isVerify) return { refusal: toAuthRefusal('15', switches) };
  const answersCode10000 = switches.unknownToken === 'documented' ? path.includes('/logs/') : switches.unknownToken === 10000;
  return { refusal: toAuthRefusal(answersCode10000 ? '02' : '07', switches) };
}

function authenticateKey(email: string | undefined, key: string | undefined, { credentials, switches }: AuthenticationRequest): Authentication {
  if (email === undefined) return refuseHeaders(6100, 'Missing X-Auth-Email header');
  if (key === undefined) return refuseHeaders(6101, 'Missing X-Auth-Key header');
  if (!EMAIL.test(email)) return refuseHeaders(6102, 'Invalid format for X-Auth-Email header');
  if (!KEY.test(key)) return { refusal: toErrorReply('04') };
  const identity = credentials.findKey(email, key);
  if (identity) return { identity };
  return { refusal: toRefusal(switches.authStatus === 'documented' ? 403 : switches.authStatus, 9103, 'Unknown X-Auth-Key or X-Auth-Email') };
}

function refuseHeaders(code: number, message: string): Authentication {
  return { refusal: toRefusal(400, 6003, 'Invalid request headers', { code, message }) };
}
