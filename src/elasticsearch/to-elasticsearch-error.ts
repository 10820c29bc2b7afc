import { errors } from '@elastic/elasticsearch';
import { ElasticsearchError, InterruptedError } from '../errors.ts';

/** What Elasticsearch said about a refusal. */
export interface Refusal {
  /** Type of the error as Elasticsearch names it, e.g. `security_exception`; undefined where the answer has none. */
  readonly type: string | undefined;
  /** The reason in Elasticsearch's words, at most 1,000 characters. */
  readonly reason: string;
}

interface ErrorBody {
  readonly error?: string | { readonly type?: string; readonly reason?: string; readonly caused_by?: { readonly reason?: string } };
}

const MAX_REASON = 1_000;

/** Reads the refusal from the body of an answer; a body that is no error of Elasticsearch becomes the reason itself. */
export function toRefusal(body: unknown): Refusal {
  const { error } = typeof body === 'object' && body !== null ? (body as ErrorBody) : {};
  if (typeof error === 'object' && error !== null) {
    const cause = error.caused_by?.reason;
    const reason = `${error.reason ?? ''}${cause === undefined || cause === error.reason ? '' : `: ${cause}`}`;
    return { type: error.type, reason: reason.slice(0, MAX_REASON) };
  }
  return { type: undefined, reason: (typeof body === 'string' ? body : (error ?? '')).slice(0, MAX_REASON) };
}

const STATUS_HINTS: Readonly<Record<number, string>> = {
  401: 'Check elasticsearch.api_key, or elasticsearch.username and elasticsearch.password, in the settings.',
  403: 'Give the key or the user of the settings the privileges of the role that this command needs.',
  404: 'Check elasticsearch.url in the settings: it must be the address of Elasticsearch itself, with its path if a proxy adds one.',
  413: 'Raise http.max_content_length of Elasticsearch, or the body size that the proxy before it allows.',
  429: 'Elasticsearch is overloaded or its disk is full: look at its health; the same attempt may succeed later.',
};

/** Tells whether the same request may succeed later without anybody acting. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Makes the error for an answer that refuses. */
export function toRefusedError(attempt: string, status: number, body: unknown): ElasticsearchError {
  const { type, reason } = toRefusal(body);
  const retryable = isRetryableStatus(status);
  const said = [type, reason].filter((part) => part !== undefined && part !== '').join(': ');
  const fallback = retryable ? 'Look at the health of Elasticsearch; the same attempt may succeed later.' : 'Mend what the answer names.';
  return new ElasticsearchError(`${attempt}: Elasticsearch answered ${status}${said === '' ? '' : ` (${said})`}`, {
    hint: STATUS_HINTS[status] ?? fallback,
    retryable,
  });
}

function toNetworkHint(message: string, url: string): string {
  if (/Bad response: 407/.test(message)) return 'Correct user and password in elasticsearch.proxy_url, or in the proxy of the environment.';
  if (/Bad response: \d/.test(message)) return `Let the proxy connect to ${url}, or name this host in NO_PROXY of the environment.`;
  if (/certificate|self.signed|CERT_|altname|SSL|TLS/i.test(message)) {
    return 'Name the certificate authority of Elasticsearch under elasticsearch.ssl.certificate_authorities, use the host name that its certificate is made for, and where it demands a client certificate, name that under certificate and key.';
  }
  // With TLS 1.3, a server that misses a client certificate closes without a word.
  if (url.startsWith('https:') && /other side closed|socket hang up|ECONNRESET/.test(message)) {
    return `Look whether Elasticsearch at ${url} is well; where it demands a client certificate, name that under elasticsearch.ssl.certificate and key.`;
  }
  return `Start Elasticsearch at ${url}, or correct elasticsearch.url in the settings.`;
}

/** The client shows a proxy's refusal as if it were the server's. */
function toWords(message: string): string {
  return message.replace(/^Bad response: (\d+)$/, 'the proxy answered $1');
}

/**
 * Makes the project's error for a request that got no usable answer. Nothing of the request is kept, so neither
 * credentials nor events reach a log.
 * @returns an InterruptedError where the request was cancelled, the error itself where it is none of the client's
 */
export function toElasticsearchError(attempt: string, url: string, error: unknown): unknown {
  if (error instanceof errors.RequestAbortedError) {
    return new InterruptedError(`${attempt}: interrupted`, { hint: 'Run the same command again: it resumes where it stopped.' });
  }
  if (error instanceof errors.ProductNotSupportedError) {
    return new ElasticsearchError(`${attempt}: ${url} answers, but is not Elasticsearch`, {
      hint: 'Check elasticsearch.url in the settings: it must be the address of Elasticsearch, not of Kibana or another service.',
    });
  }
  if (error instanceof errors.TimeoutError) {
    return new ElasticsearchError(`${attempt}: ${url} gave no answer in time`, { hint: toNetworkHint('', url), retryable: true });
  }
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError) {
    return new ElasticsearchError(`${attempt}: ${url} could not be reached (${toWords(error.message)})`, {
      hint: toNetworkHint(error.message, url),
      retryable: true,
    });
  }
  if (error instanceof errors.DeserializationError) {
    return new ElasticsearchError(`${attempt}: ${url} answered with something that is no JSON`, { hint: STATUS_HINTS[404] ?? '', retryable: true });
  }
  return error;
}
