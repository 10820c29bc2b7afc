import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { SettingsError } from '../errors.ts';
import type { KibanaAccess, KibanaTls } from './kibana-access.ts';

const CONNECT_MS = 10_000;

/**
 * The connections to a Kibana, with the TLS options of the settings, through their proxy where they name one.
 * @throws SettingsError when a file named under `ssl` cannot be read
 */
export async function openDispatcher({ proxyUrl, ssl }: KibanaAccess): Promise<Dispatcher> {
  const connect = { ...(await readTls(ssl)), timeout: CONNECT_MS };
  if (proxyUrl === undefined) return new Agent({ connect });
  // The client certificate is for Kibana alone.
  const { cert, key, ...proxyTls } = connect;
  return new ProxyAgent({ uri: proxyUrl, requestTls: connect, proxyTls });
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: (string | Buffer)[];
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

async function readTls(ssl: KibanaTls): Promise<TlsOptions> {
  const authorities = await Promise.all(ssl.certificateAuthorities.map((path) => readPem(path, 'certificate_authorities')));
  return {
    rejectUnauthorized: ssl.verification === 'full',
    // An own authority, of a proxy for instance, comes beside the public ones, not instead of them.
    ...(authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }),
    ...(ssl.certificate === undefined ? {} : { cert: await readPem(ssl.certificate, 'certificate') }),
    ...(ssl.key === undefined ? {} : { key: await readPem(ssl.key, 'key') }),
  };
}

async function readPem(path: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}), but kibana.ssl.${setting} names it`;
    throw new SettingsError([{ file: path, path: '', message, hint: 'Correct the path, or let this user read the file.' }]);
  }
}
