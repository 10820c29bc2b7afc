import { findErrorBody } from './error-bodies.ts';
import type { Switches } from './switches.ts';

/** What is about to be sent. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whole, or in pieces that are made while they are sent. */
  readonly body: string | Iterable<Buffer>;
  /** Number of records in it, once it is sent. */
  readonly count?: () => number;
}

/** A JSON answer. */
export function toJsonReply(value: unknown, { status = 200, count = 0 }: { readonly status?: number; readonly count?: number } = {}): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(value), count: () => count };
}

/** A good answer in Cloudflare's V4 envelope. */
export function toEnvelope(result: unknown, { resultInfo, count }: { readonly resultInfo?: unknown; readonly count?: number } = {}): Reply {
  return toJsonReply(
    { errors: [], messages: [], result, success: true, ...(resultInfo === undefined ? {} : { result_info: resultInfo }) },
    { count: count ?? 0 },
  );
}

/** A refusal in Cloudflare's V4 envelope. */
export function toRefusal(status: number, code: number, message: string, chain?: { readonly code: number; readonly message: string }): Reply {
  const error = { code, message, ...(chain ? { error_chain: [chain] } : {}) };
  return toJsonReply({ success: false, errors: [error], messages: [], result: null }, { status });
}

/** A refusal in plain text, as Logpull sends them. */
export function toTextRefusal(text: string): Reply {
  return { status: 400, contentType: 'text/plain', body: `${text}\n` };
}

export interface ErrorReplyOptions {
  /** Texts of the stored body that are of another request, and what stands there for this one. */
  readonly replace?: Readonly<Record<string, string>>;
  readonly status?: number;
}

/** An error body of errors/ by name. */
export function toErrorReply(name: string, { replace = {}, status }: ErrorReplyOptions = {}): Reply {
  const found = findErrorBody(name);
  const body = Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, escapeJson(to)), found.body);
  return { status: status ?? found.status, contentType: found.contentType, headers: found.headers, body };
}

/** An error body about credentials, under the status that the switch `authStatus` chooses. */
export function toAuthRefusal(name: string, { authStatus }: Switches, options: ErrorReplyOptions = {}): Reply {
  return toErrorReply(name, authStatus === 'documented' ? options : { ...options, status: authStatus });
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
