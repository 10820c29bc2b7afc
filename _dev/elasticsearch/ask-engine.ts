import type { Credentials } from './engine.ts';

/** Where to ask. */
export interface EngineAddress {
  readonly url: string;
  readonly credentials?: Credentials;
}

/** One question. */
export interface EngineQuestion {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, with the leading slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 10000 */
  readonly timeoutMs?: number;
}

/** What came back. */
export interface EngineAnswer {
  readonly status: number;
  /** The parsed body; undefined where it is no JSON. */
  readonly body: unknown;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * One HTTP request to an engine; every status is an answer.
 *
 * @throws TypeError or DOMException where nothing answers in time.
 */
export async function askEngine(address: EngineAddress, question: EngineQuestion): Promise<EngineAnswer> {
  const headers: Record<string, string> = {};
  if (address.credentials !== undefined) {
    const { username, password } = address.credentials;
    headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const init: RequestInit = { method: question.method ?? 'GET', headers, signal: AbortSignal.timeout(question.timeoutMs ?? 10_000) };
  if (question.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(question.body);
  }
  const response = await fetch(address.url + question.path, init);
  return { status: response.status, body: toJson(await response.text()) };
}
