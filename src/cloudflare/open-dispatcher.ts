import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { type Fault, SettingsError } from '../errors.ts';
import { type Environment, findProxy } from '../settings/find-proxy.ts';
import { readTls, type SayUnread, withPublicRoots } from '../settings/read-tls.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { boundReads } from './bound-reads.ts';

/** Where a proxy is looked up. */
export type { Environment } from '../settings/find-proxy.ts';

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * The connections of one client: kept alive, timed out, with the TLS options of the settings, through the proxy of the settings or else
 * that of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, or in lower case).
 * @throws SettingsError when a file named under `ssl` cannot be read, or the proxy's address cannot be used
 */
export async function openDispatcher(connection: ConnectionSettings, env: Environment): Promise<Dispatcher> {
  const tls = withPublicRoots(await readTls(connection.ssl, sayUnread(connection)));
  const connect = { ...tls, timeout: Math.min(CONNECT_MS, connection.timeoutMs) };
  const options = {
    headersTimeout: connection.timeoutMs,
    bodyTimeout: connection.timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const proxy = findProxy(connection.apiUrl, connection.proxyUrl, env);
  if (proxy === undefined) return new Agent({ ...options, connect: boundReads(buildConnector(connect)) });
  try {
    // The client certificate is for Cloudflare's side alone.
    const { cert, key, ...proxyTls } = connect;
    return new ProxyAgent({ ...options, uri: proxy, requestTls: connect, proxyTls, factory: openPool });
  } catch {
    throw toFault(connection, {
      path: 'proxy_url',
      message: 'is no address of a proxy',
      hint: 'Write it as http://HOST:PORT, with USER:PASSWORD@ before the host if needed; without proxy_url, that of the environment counts.',
    });
  }
}

/** What comes through the proxy's tunnel; its connector is a function. */
function openPool(origin: string | URL, { connect, ...options }: Pool.Options): Pool {
  return new Pool(origin, { ...options, connect: boundReads(connect as buildConnector.connector) });
}

/** Addresses of proxies, which may hold passwords; empty for none. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
}

/** Every proxy that may be asked, whatever is excepted. */
export function findProxies({ proxyUrl }: Pick<ConnectionSettings, 'proxyUrl'>, env: Environment): Proxies {
  if (proxyUrl !== undefined) return { httpProxy: proxyUrl, httpsProxy: proxyUrl };
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? '';
  return { httpProxy, httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? httpProxy };
}

function sayUnread({ name }: ConnectionSettings): SayUnread {
  return ({ code, path, setting }) => ({ file: `connection ${name}`, path: `ssl.${setting}`, message: `${path} cannot be read (${code})` });
}

function toFault({ name }: ConnectionSettings, fault: Omit<Fault, 'file'>): SettingsError {
  return new SettingsError([{ file: `connection ${name}`, ...fault }]);
}
