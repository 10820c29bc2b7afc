import { type Dispatcher, request } from 'undici';
import { type KibanaError, SettingsError } from '../errors.ts';
import type { ElasticsearchCredential } from '../settings/settings.ts';
import type { KibanaAccess } from './kibana-access.ts';
import { openDispatcher } from './open-dispatcher.ts';
import { type Attempt, type Redact, type RefusedAnswer, toKibanaError, toNoAnswerError } from './to-kibana-error.ts';

/** One request. */
export interface KibanaCall {
  /** What is attempted, for messages, e.g. `listing the integration policies`. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the address and the space, each part already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** An object is sent as JSON; bytes are sent as a zip. */
  readonly body?: object;
  /** Refusing statuses that the caller handles; others throw. */
  readonly allow?: readonly number[];
  /** Privileges that it needs, for the hint of a 403. @default what installing needs */
  readonly right?: string;
  /** How long Kibana may be silent, in milliseconds. @default 60,000 */
  readonly timeoutMs?: number;
}

/** What came back. */
export interface KibanaAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** An open connection to Kibana. */
export interface Kibana {
  /** The address without credentials, with its space. */
  readonly url: string;
  /**
   * Sends one request, once. The caller names the shape of the answer; that it is JSON is checked, not more.
   * @throws KibanaError for a refusal that the caller does not handle, or without an answer
   * @throws InterruptedError when the signal fired
   */
  request<Body = unknown>(call: KibanaCall, signal?: AbortSignal): Promise<KibanaAnswer<Body>>;
  /** The error for an answer that began well, or that the caller would have handled. */
  refuse(call: Pick<KibanaCall, 'what' | 'right'>, answer: RefusedAnswer): KibanaError;
  close(): Promise<void>;
}

/** What a Kibana is opened with beside its settings. */
export interface KibanaOptions {
  /** Names the program, e.g. `cloudflare-integration/0.1.0`. */
  readonly userAgent: string;
  /** Texts that no error shows, besides the credential: what is sent to Kibana may come back in its words. */
  readonly secrets?: readonly string[];
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** Version of Fleet's public API. */
const API_VERSION = '2023-10-31';
const TIMEOUT_MS = 60_000;

class Connection implements Kibana {
  readonly url: string;
  readonly #dispatcher: Dispatcher;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redact: Redact;

  constructor(access: KibanaAccess, dispatcher: Dispatcher, { secrets = [], userAgent }: KibanaOptions) {
    this.url = toBase(access);
    this.#dispatcher = dispatcher;
    this.#redact = openRedact([...secrets, ...toSecrets(access)]);
    this.#headers = {
      accept: 'application/json',
      'elastic-api-version': API_VERSION,
      'kbn-xsrf': 'true',
      'user-agent': userAgent,
      ...toAuthorization(access.credential),
    };
  }

  async request<Body = unknown>(call: KibanaCall, signal?: AbortSignal): Promise<KibanaAnswer<Body>> {
    const { retryAfterMs, status, text } = await this.#send(call, signal).catch((cause: unknown) => {
      throw toNoAnswerError(this.#toAttempt(call), cause, signal);
    });
    const good = status >= 200 && status <= 299;
    const body = parse(text);
    if (!good && (call.allow?.includes(status) !== true || body === undefined)) throw this.refuse(call, { status, body: text, retryAfterMs });
    if (body === undefined) throw this.refuse(call, { status, body: '', fault: 'no-json' });
    return { status, body: body as Body };
  }

  refuse(call: Pick<KibanaCall, 'what' | 'right'>, answer: RefusedAnswer): KibanaError {
    return toKibanaError(this.#toAttempt(call), answer);
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #toAttempt({ right, what }: Pick<KibanaCall, 'what' | 'right'>): Attempt {
    return { what, url: this.url, right, redact: this.#redact };
  }

  async #send({ body, method, path, query = {}, timeoutMs = TIMEOUT_MS }: KibanaCall, signal?: AbortSignal): Promise<RawAnswer> {
    const parameters = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    const answer = await request(`${this.url}${path}${parameters === '' ? '' : `?${parameters}`}`, {
      method,
      dispatcher: this.#dispatcher,
      headers: { ...this.#headers, ...toContentType(body) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: answer.statusCode, text: await answer.body.text(), retryAfterMs: toWait(answer.headers['retry-after']) };
  }
}

/**
 * Opens a connection to a Kibana; nothing is sent yet.
 * @throws SettingsError when the address or a file named under `ssl` cannot be used
 */
export async function openKibana(access: KibanaAccess, options: KibanaOptions): Promise<Kibana> {
  checkAddress(access.url);
  return new Connection(access, await openDispatcher(access), options);
}

function checkAddress(text: string): void {
  const fault = (message: string, hint: string): SettingsError => new SettingsError([{ file: 'kibana', path: 'url', message, hint }]);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw fault('this is no http or https address', 'Write it as https://HOST:PORT, with the base path of Kibana where it has one.');
  }
  if (url.username !== '' || url.password !== '')
    throw fault('the address holds a credential', 'Set kibana.api_key, or kibana.username and kibana.password, instead.');
}

function toBase({ space, url }: KibanaAccess): string {
  const { host, pathname, protocol } = new URL(url);
  const prefix = space === undefined || space === 'default' ? '' : `/s/${encodeURIComponent(space)}`;
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}${prefix}`;
}

function toContentType(body: object | undefined): Readonly<Record<string, string>> {
  if (body === undefined) return {};
  return { 'content-type': Buffer.isBuffer(body) ? 'application/zip' : 'application/json' };
}

/** Kibana shows an API key as `id:key` or encoded; the header takes the encoded form only. */
function toAuthorization(credential: ElasticsearchCredential): Readonly<Record<string, string>> {
  switch (credential.kind) {
    case 'none':
      return {};
    case 'basic':
      return { authorization: `Basic ${encode(`${credential.username}:${credential.password}`)}` };
    case 'apiKey':
      return { authorization: `ApiKey ${credential.apiKey.includes(':') ? encode(credential.apiKey) : credential.apiKey}` };
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function toSecrets({ credential, proxyUrl }: KibanaAccess): readonly string[] {
  const own = credential.kind === 'none' ? [] : [credential.kind === 'apiKey' ? credential.apiKey : credential.password];
  const header = Object.values(toAuthorization(credential)).map((value) => value.slice(value.indexOf(' ') + 1));
  const proxy = proxyUrl !== undefined && URL.canParse(proxyUrl) ? new URL(proxyUrl).password : '';
  return [...own, ...header, proxy, decodeURIComponent(proxy)];
}

const SHORTEST = 4;

function openRedact(texts: readonly string[]): Redact {
  const forms = texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]).filter(({ length }) => length >= SHORTEST);
  const secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** Kibana writes seconds. */
function toWait(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header === undefined || !(seconds > 0) ? undefined : seconds * 1000;
}

/** Undefined where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text === '' ? 'null' : text);
  } catch {
    return undefined;
  }
}
