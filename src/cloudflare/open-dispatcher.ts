import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { type Fault, SettingsError } from '../errors.ts';
import { type Environment, findProxy } from '../settings/find-proxy.ts';
import type { ConnectionSettings, SslSettings } from '../settings/settings.ts';
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
  const tls = await readTls(connection);
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

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: (string | Buffer)[];
  readonly cert?: Buffer;
  readonly key?: Buffer;
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

async function readTls(connection: ConnectionSettings): Promise<TlsOptions> {
  const { ssl } = connection;
  const read = (path: string, setting: string): Promise<Buffer> => readPem(connection, path, setting);
  const authorities = await Promise.all(ssl.certificateAuthorities.map((path) => read(path, 'certificate_authorities')));
  return {
    rejectUnauthorized: ssl.verification === 'full',
    // An own authority, of a proxy for instance, comes beside the public ones, not instead of them.
    ...(authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }),
    ...(await readIdentity(ssl, read)),
  };
}

async function readIdentity(
  { certificate, key }: SslSettings,
  read: (path: string, setting: string) => Promise<Buffer>,
): Promise<Pick<TlsOptions, 'cert' | 'key'>> {
  return {
    ...(certificate === undefined ? {} : { cert: await read(certificate, 'certificate') }),
    ...(key === undefined ? {} : { key: await read(key, 'key') }),
  };
}

async function readPem(connection: ConnectionSettings, path: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw toFault(connection, {
      path: `ssl.${setting}`,
      message: `${path} cannot be read (${code})`,
      hint: 'Correct the path, or let this user read the file.',
    });
  }
}

function toFault({ name }: ConnectionSettings, fault: Omit<Fault, 'file'>): SettingsError {
  return new SettingsError([{ file: `connection ${name}`, ...fault }]);
}
