import { CloudflareError, describeCause } from '../errors.ts';
import type { CloudflareCredential } from '../settings/settings.ts';
import { parseErrorBody } from './error-body.ts';
import { type AnswerFault, type ErrorFacts, findErrorRow } from './error-table.ts';
import { type AnswerHeaders, parseRetryAfter, toText } from './retry-after.ts';
import type { Redact } from './secrets.ts';

/** What was attempted, for messages and hints. */
export interface Attempt {
  /** With a verb: `reading audit logs of account 0a1b`. */
  readonly what: string;
  /** What is asked about: `account 0a1b`. */
  readonly scope: string;
  /** Permission group that the credential needs; undefined where none is needed. */
  readonly permission: string | undefined;
  /** Only a user may do it, no token that an account owns. @default false */
  readonly ofUser?: boolean;
  /** Whether lines are read, not pages. */
  readonly lines: boolean;
  /** Number of the page, from 1. */
  readonly page: number;
}

/** What of a connection goes into its errors. */
export interface ErrorSurroundings {
  readonly credential: CloudflareCredential;
  readonly redact: Redact;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** An answer that is no success. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The body's beginning, decoded; empty where there is none. */
  readonly body: string;
  /** What is wrong with an answer that Cloudflare calls good. */
  readonly fault?: AnswerFault;
  /** The fault in words, for the message. */
  readonly detail?: string;
}

/** The error for an answer that is no success, by the one table. Neither message nor hint holds a secret. */
export function toCloudflareError(attempt: Attempt, answer: RefusedAnswer, surroundings: ErrorSurroundings): CloudflareError {
  const { status, headers, fault } = answer;
  const ray = toText(headers['cf-ray']) || undefined;
  const body = fault === undefined ? parseErrorBody(answer.body) : { codes: [], messages: [], documentationUrl: undefined };
  const facts: ErrorFacts = { status, fault, codes: body.codes, text: `${body.messages.join('\n')}`, lines: attempt.lines, page: attempt.page };
  const row = findErrorRow(facts);
  const said = answer.detail ?? body.messages.join('; ');
  const message = `${attempt.what}: Cloudflare answered ${status}${said === '' ? '' : ` (${said})`}${ray === undefined ? '' : `, ray ${ray}`}`;
  const see = body.documentationUrl === undefined ? '' : ` See ${body.documentationUrl}`;
  return new CloudflareError(surroundings.redact(message), {
    act: row.act,
    hint: surroundings.redact(renderHint(row.hint, attempt, surroundings.credential) + see),
    status,
    codes: body.codes,
    retryAfterMs: parseRetryAfter(headers, surroundings.now()),
    ray,
    timedOut: fault === 'timeout' || status === 408,
  });
}

/** The error for a request that got no answer, or an answer that broke off. */
export function toNetworkError(attempt: Attempt, cause: unknown, { credential, redact }: ErrorSurroundings): CloudflareError {
  const timedOut = isTimeout(cause);
  const fault = attempt.lines && timedOut ? 'timeout' : 'network';
  const row = findErrorRow({ status: undefined, fault, codes: [], text: '', lines: attempt.lines, page: attempt.page });
  return new CloudflareError(redact(`${attempt.what}: no answer from Cloudflare (${describeCause(cause)})`), {
    act: row.act,
    hint: renderHint(row.hint, attempt, credential),
    timedOut,
  });
}

/** Whether Cloudflare had the request, and was given up because it stayed silent. */
export function isTimeout(cause: unknown): boolean {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}

function renderHint(hint: string, attempt: Attempt, credential: CloudflareCredential): string {
  const values: Readonly<Record<string, string>> = {
    permission: attempt.permission ?? '',
    scope: attempt.scope,
    grant: renderGrant(attempt, credential),
    credential: credential.kind === 'token' ? 'api_token' : 'auth_email and auth_key',
  };
  return hint.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function renderGrant({ ofUser = false, permission, scope }: Attempt, credential: CloudflareCredential): string {
  const wanted = permission === undefined ? 'the permission that this request needs' : `the permission "${permission}"`;
  const accountTokens = ofUser ? 'a token that an account owns cannot have it' : 'a token that an account owns: Manage Account > Account API Tokens';
  return credential.kind === 'token'
    ? `Give the token ${wanted} for ${scope}: Cloudflare dashboard, My Profile > API Tokens (${accountTokens})`
    : `Let an administrator give the user of auth_email a role with ${wanted} for ${scope}: Cloudflare dashboard, Manage Account > Members`;
}
