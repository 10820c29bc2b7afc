import { Client, type ClientOptions } from '@elastic/elasticsearch';
import { namedIn, readTls } from '../settings/read-tls.ts';
import type { ElasticsearchCredential, ElasticsearchSettings } from '../settings/settings.ts';
import { toElasticsearchError, toRefusedError } from './to-elasticsearch-error.ts';
import { toProxyOptions } from './to-proxy-options.ts';

/** One request. */
export interface Call {
  /** What is attempted, for messages, e.g. `installing the templates`. */
  readonly attempt: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Path below the address, each part already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** An object is sent as JSON; bytes are sent as they are, as NDJSON. */
  readonly body?: object | Buffer;
  /** Refusing statuses that the caller handles; others throw. `any` hands every answer back. */
  readonly allow?: readonly number[] | 'any';
  /** How often a request without an answer is sent again. @default 2, for bytes 0 */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** An open connection to Elasticsearch. */
export interface Elasticsearch {
  /** The address, without credentials. */
  readonly url: string;
  /**
   * Sends one request. The caller names the shape of the body; it is not checked.
   * @throws ElasticsearchError for a refusal that the caller does not handle, or without an answer
   * @throws InterruptedError when the signal fired
   */
  request<Body = unknown>(call: Call): Promise<Answer<Body>>;
  close(): Promise<void>;
}

interface OpenOptions {
  /** Names the program, e.g. `cloudflare-integration/0.1.0`. */
  readonly userAgent: string;
  /** How long an answer may take. @default 60,000 */
  readonly timeoutMs?: number;
}

const REFUSALS = Array.from({ length: 200 }, (_, index) => 400 + index);

/** Kibana shows an API key as `id:key` or encoded; Elasticsearch takes the encoded form only. */
function toAuth(credential: ElasticsearchCredential): Pick<ClientOptions, 'auth'> {
  switch (credential.kind) {
    case 'none':
      return {};
    case 'basic':
      return { auth: { username: credential.username, password: credential.password } };
    case 'apiKey':
      return { auth: { apiKey: credential.apiKey.includes(':') ? Buffer.from(credential.apiKey).toString('base64') : credential.apiKey } };
  }
}

function toShownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

class Connection implements Elasticsearch {
  readonly url: string;
  readonly #client: Client;

  constructor(url: string, client: Client) {
    this.url = url;
    this.#client = client;
  }

  async request<Body = unknown>(call: Call): Promise<Answer<Body>> {
    const bytes = Buffer.isBuffer(call.body);
    const answer = await this.#client.transport
      .request<Body>(
        {
          method: call.method,
          path: call.path,
          ...(call.query === undefined ? {} : { querystring: { ...call.query } }),
          ...(call.body === undefined ? {} : bytes ? { bulkBody: call.body } : { body: call.body }),
        },
        {
          meta: true,
          ignore: REFUSALS,
          maxRetries: call.retries ?? (bytes ? 0 : 2),
          ...(call.signal === undefined ? {} : { signal: call.signal }),
        },
      )
      .catch((error: unknown) => {
        throw toElasticsearchError(call.attempt, this.url, error);
      });
    const status = answer.statusCode ?? 0;
    if (status >= 400 && call.allow !== 'any' && call.allow?.includes(status) !== true) {
      throw toRefusedError(call.attempt, status, answer.body);
    }
    return { status, body: answer.body };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/**
 * Opens a connection to the Elasticsearch of the settings; the first request shows whether it answers.
 * @throws SettingsError when a file named under `ssl` cannot be read
 */
export async function openElasticsearch(settings: ElasticsearchSettings, options: OpenOptions): Promise<Elasticsearch> {
  const tls = await readTls(settings.ssl, namedIn('elasticsearch'));
  const client = new Client({
    node: settings.url,
    ...toAuth(settings.credential),
    tls,
    ...toProxyOptions(settings.proxyUrl, tls),
    headers: { 'user-agent': options.userAgent },
    // Redacting walks through the bytes of a bulk request one by one, which takes hundreds of megabytes; nothing of the client's errors is kept anyway.
    redaction: { type: 'off' },
    requestTimeout: options.timeoutMs ?? 60_000,
    maxRetries: 0,
    sniffOnStart: false,
    sniffOnConnectionFault: false,
  });
  return new Connection(toShownUrl(settings.url), client);
}
