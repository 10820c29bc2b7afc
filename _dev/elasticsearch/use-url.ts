import { askEngine, type EngineAddress } from './ask-engine.ts';
import { EngineFailure, type EngineRequest, type RunningEngine, WayNotGiven } from './engine.ts';

/** `http://user:password@host:9200/` -> address and credentials apart. */
function readAddress(text: string): EngineAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new EngineFailure('DEV_ELASTICSEARCH_URL is no address; write http://127.0.0.1:9200 or http://user:password@127.0.0.1:9200');
  }
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (url.username === '') {
    return { url: base };
  }
  return { url: base, credentials: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } };
}

/**
 * The engine at DEV_ELASTICSEARCH_URL, which somebody else runs. Credentials stand in the address.
 *
 * @throws EngineFailure where the variable is not set, nothing answers or the credentials are refused.
 */
export async function useUrl({ env, security }: EngineRequest): Promise<RunningEngine> {
  const text = env.DEV_ELASTICSEARCH_URL;
  if (!text) {
    throw new WayNotGiven('DEV_ELASTICSEARCH_URL is not set');
  }
  const address = readAddress(text);
  if (security && address.credentials === undefined) {
    throw new EngineFailure('DEV_ELASTICSEARCH_URL holds no user and password, and an engine with security is wanted; write http://user:password@host:9200');
  }
  const answer = await askEngine(address, { path: '/_cluster/health' }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new EngineFailure(`nothing answers at ${address.url} (${reason}); start it or unset DEV_ELASTICSEARCH_URL`);
  });
  if (answer.status === 401) {
    throw new EngineFailure(`${address.url} answers 401; put a user and password into DEV_ELASTICSEARCH_URL (http://user:password@host:9200)`);
  }
  if (answer.status >= 400) {
    throw new EngineFailure(`${address.url} answers ${answer.status} to GET /_cluster/health, as no usable Elasticsearch does`);
  }
  return { ...address, origin: `DEV_ELASTICSEARCH_URL=${address.url}`, stop: async () => undefined };
}
