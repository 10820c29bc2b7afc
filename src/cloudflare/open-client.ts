import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { CloudflareError, describeCause } from '../errors.ts';
import type { CloudflareCredential, ConnectionSettings } from '../settings/settings.ts';
import type { Budget, Target } from './budget.ts';
import type { Priority } from './budget-state.ts';
import { findBlocks } from './find-blocks.ts';
import { type Environment, findProxies, openDispatcher } from './open-dispatcher.ts';
import { decode, readSome, readWhole } from './read-body.ts';
import { retry } from './retry.ts';
import { type AnswerHeaders, toText } from './retry-after.ts';
import { openRedact } from './secrets.ts';
import { checkSignal, type Timing } from './timing.ts';
import { type Attempt, type ErrorSurroundings, isTimeout, type RefusedAnswer, toCloudflareError, toNetworkError } from './to-cloudflare-error.ts';

/** One request. */
export interface Call extends Attempt {
  /** Path below the API's base address, its parts already encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly turn: Target;
  /** See `Turn`. @default false */
  readonly patient?: boolean;
}

/** How an answer began; header names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** A good answer whose body is still to be read. */
export interface Answer extends AnswerHead {
  /** Decompressed. Destroying it ends the request. */
  readonly body: Readable;
  /** When the request was sent. Epoch milliseconds. */
  readonly sentMs: number;
}

/** What went wrong below HTTP, and how the answer began if it did. */
export interface Failure {
  readonly cause: unknown;
  readonly head?: AnswerHead;
}

/** Makes something of a whole body. */
export type Parse<Result> = (body: Buffer, head: AnswerHead) => Result;

/** The client of one connection. */
export interface Client {
  /**
   * Sends the request, again where that may help, until an answer with a 2xx status begins.
   * @throws CloudflareError for a refusal or no answer
   * @throws InterruptedError when the signal fires
   */
  open(call: Call, signal: AbortSignal): Promise<Answer>;
  /** As `open`, for a whole body. One that breaks off is asked for again, and one for which `parse` throws an error of act `retry`. */
  fetch<Result>(call: Call, parse: Parse<Result>, signal: AbortSignal): Promise<Result>;
  /** The error for an answer that began well. */
  refuse(call: Call, answer: RefusedAnswer): CloudflareError;
  /**
   * The error for a request that failed below HTTP: before the answer began, or after its head.
   * @throws InterruptedError when the signal has fired
   */
  breakOff(call: Call, failure: Failure, signal: AbortSignal): CloudflareError;
  /** Epoch milliseconds. */
  now(): number;
  close(): Promise<void>;
}

/** What a client is opened with beside the connection's settings. */
export interface ClientOptions {
  /** Names the program, e.g. `cloudflare-integration/0.1.0`. */
  readonly userAgent: string;
  readonly env: Environment;
  readonly timing: Timing;
  readonly budget: Budget;
  /** Whose turns its requests take. */
  readonly priority: Priority;
}

/** More than the largest page of 1,000 records that was ever reported, and little enough to hold. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

class Connection implements Client {
  readonly #connection: ConnectionSettings;
  readonly #dispatcher: Dispatcher;
  readonly #options: ClientOptions;
  readonly #surroundings: ErrorSurroundings;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(connection: ConnectionSettings, dispatcher: Dispatcher, options: ClientOptions) {
    const { httpProxy, httpsProxy } = findProxies(connection, options.env);
    const { credential } = connection;
    this.#connection = connection;
    this.#dispatcher = dispatcher;
    this.#options = options;
    this.#surroundings = { credential, redact: openRedact(connection, [httpProxy, httpsProxy]), now: options.timing.now };
    this.#headers = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': options.userAgent, ...toCredentialHeaders(credential) };
  }

  open(call: Call, signal: AbortSignal): Promise<Answer> {
    return retry(() => this.#send(call, signal), { timing: this.#options.timing, signal });
  }

  fetch<Result>(call: Call, parse: Parse<Result>, signal: AbortSignal): Promise<Result> {
    return retry(async () => parse(...(await this.#readPage(call, signal))), { timing: this.#options.timing, signal });
  }

  refuse(call: Call, answer: RefusedAnswer): CloudflareError {
    return this.#count(call, toCloudflareError(call, answer, this.#surroundings));
  }

  breakOff(call: Call, { cause, head }: Failure, signal: AbortSignal): CloudflareError {
    checkSignal(signal, call.what);
    if (cause instanceof CloudflareError) return cause;
    if (head === undefined) return this.#count(call, toNetworkError(call, cause, this.#surroundings));
    const fault = call.lines && isTimeout(cause) ? 'timeout' : 'cut';
    return this.refuse(call, { ...head, body: '', fault, detail: `with a body that broke off: ${describeCause(cause)}` });
  }

  now(): number {
    return this.#options.timing.now();
  }

  async close(): Promise<void> {
    // Only reads are ever under way, so nothing is lost with them.
    await this.#dispatcher.destroy();
  }

  #count(call: Call, error: CloudflareError): CloudflareError {
    if (error.timedOut) this.#options.budget.addTimeout(call.turn);
    return error;
  }

  async #send(call: Call, signal: AbortSignal): Promise<Answer> {
    const { budget, priority } = this.#options;
    await budget.takeTurn({ ...call.turn, priority, patient: call.patient ?? false }, signal);
    checkSignal(signal, call.what);
    const sentMs = this.now();
    try {
      const address = toAddress(this.#connection.apiUrl, call);
      return { ...(await this.#check(call, await request(address, { dispatcher: this.#dispatcher, headers: this.#headers, signal }))), sentMs };
    } catch (cause) {
      throw this.breakOff(call, { cause }, signal);
    }
  }

  async #check(call: Call, answer: Dispatcher.ResponseData): Promise<Omit<Answer, 'sentMs'>> {
    const { statusCode: status, headers } = answer;
    const body = decode(answer.body, toText(headers['content-encoding']));
    if (status >= 200 && status < 300) {
      this.#block(call, headers);
      return { status, headers, body };
    }
    // The status says more than the breaking off of the body that goes with it.
    const text = await readSome(body, MAX_ERROR_BYTES).catch(() => '');
    const error = this.refuse(call, { status, headers, body: text });
    this.#block(call, headers, error);
    throw error;
  }

  #block(call: Call, headers: AnswerHeaders, error?: CloudflareError): void {
    for (const { target, ms } of findBlocks(call.turn, headers, error)) this.#options.budget.block(target, ms);
  }

  async #readPage(call: Call, signal: AbortSignal): Promise<readonly [Buffer, AnswerHead]> {
    const { status, headers, body } = await this.#send(call, signal);
    const bytes = await readWhole(body, MAX_PAGE_BYTES).catch((cause: unknown) => {
      throw this.breakOff(call, { cause, head: { status, headers } }, signal);
    });
    if (bytes !== undefined) return [bytes, { status, headers }];
    throw this.refuse(call, { status, headers, body: '', fault: 'too-big', detail: `with a page of more than ${MAX_PAGE_BYTES} bytes` });
  }
}

/**
 * Opens a client that keeps its connections; nothing is sent yet.
 * @throws SettingsError when a file or the proxy of the settings cannot be used
 */
export async function openClient(connection: ConnectionSettings, options: ClientOptions): Promise<Client> {
  return new Connection(connection, await openDispatcher(connection, options.env), options);
}

function toAddress(apiUrl: string, { path, query }: Call): string {
  const parameters = new URLSearchParams(query).toString();
  return `${apiUrl.replace(/\/+$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
}

/** One scheme only: Cloudflare refuses a request that carries both. */
function toCredentialHeaders(credential: CloudflareCredential): Readonly<Record<string, string>> {
  return credential.kind === 'token' ? { authorization: `Bearer ${credential.token}` } : { 'x-auth-email': credential.email, 'x-auth-key': credential.key };
}
