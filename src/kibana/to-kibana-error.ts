import { describeCause, InterruptedError, KibanaError } from '../errors.ts';
import { findErrorRow, type KibanaFault } from './error-table.ts';

/** Removes secrets from a text. */
export type Redact = (text: string) => string;

/** What was attempted, and at which Kibana. */
export interface Attempt {
  /** With a verb: `uploading cloudflare_api 0.1.0`. */
  readonly what: string;
  /** Address of Kibana, without credentials. */
  readonly url: string;
  /** Privileges that it needs, e.g. `Fleet: All`. */
  readonly right?: string | undefined;
  readonly redact: Redact;
}

/** An answer that is no success. */
export interface RefusedAnswer {
  readonly status: number;
  readonly body: string;
  /** How long Kibana asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What is wrong with an answer that Kibana calls good. */
  readonly fault?: KibanaFault;
}

const MAX_SAID = 1_000;
const DEFAULT_RIGHT = 'the privileges Integrations: All and Fleet: All in all spaces';

/** The error for an answer that is no success, by the one table. Neither message nor hint holds a secret. */
export function toKibanaError(attempt: Attempt, { body, fault, retryAfterMs, status }: RefusedAnswer): KibanaError {
  // Before it is cut: a part of a secret is none that would be found.
  const said = attempt.redact(fault === undefined ? readMessage(body) : (SAID[fault] ?? ''));
  const message = `${attempt.what}: ${attempt.url} answered ${status}${said === '' ? '' : ` (${said.slice(0, MAX_SAID)})`}`;
  return toError(attempt, message, { status, fault, retryAfterMs, text: said });
}

const SAID: Partial<Record<KibanaFault, string>> = {
  'no-json': 'something that is no JSON',
  'no-kibana': 'but is not Kibana',
  redacted: 'without its version, which it shows only to somebody it knows',
};

/**
 * The error for a request that got no answer, or an answer that broke off.
 * @returns an InterruptedError where the signal has fired
 */
export function toNoAnswerError(attempt: Attempt, cause: unknown, signal?: AbortSignal): KibanaError | InterruptedError {
  if (signal?.aborted === true)
    return new InterruptedError(`${attempt.what}: interrupted`, { hint: 'Run the same command again: it goes on from what is there.' });
  const words = describeCause(cause);
  return toError(attempt, `${attempt.what}: no answer from ${attempt.url} (${words})`, { fault: toFault(cause, words), text: words });
}

function toFault(cause: unknown, words: string): KibanaFault {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'timeout';
  if (/proxy response/i.test(words)) return 'proxy';
  return /certificate|self.signed|CERT_|altname|SSL|TLS/i.test(words) ? 'certificate' : 'network';
}

interface Facts {
  readonly status?: number;
  readonly fault?: KibanaFault | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly text: string;
}

function toError({ redact, right, url }: Attempt, message: string, facts: Facts): KibanaError {
  const row = findErrorRow(facts);
  const hint = row.hint.replaceAll('{url}', url).replaceAll('{right}', right ?? DEFAULT_RIGHT);
  const { retryAfterMs, status } = facts;
  return new KibanaError(redact(message), { reason: row.name, hint: redact(hint), retryable: row.retryable ?? false, retryAfterMs, status });
}

/** Kibana's own words: `message` of its error body, or a text. */
function readMessage(body: string): string {
  try {
    const { message, error } = JSON.parse(body) as { readonly message?: unknown; readonly error?: unknown };
    return String(message ?? error ?? '');
  } catch {
    return /^\s*</.test(body) ? '' : body.trim();
  }
}
