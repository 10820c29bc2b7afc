import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { namedIn, readTls, withPublicRoots } from '../settings/read-tls.ts';
import type { KibanaAccess } from './kibana-access.ts';

const CONNECT_MS = 10_000;

/**
 * The connections to a Kibana, with the TLS options of the settings, through their proxy where they name one.
 * @throws SettingsError when a file named under `ssl` cannot be read
 */
export async function openDispatcher({ proxyUrl, ssl }: KibanaAccess): Promise<Dispatcher> {
  const connect = { ...withPublicRoots(await readTls(ssl, namedIn('kibana'))), timeout: CONNECT_MS };
  if (proxyUrl === undefined) return new Agent({ connect });
  // The client certificate is for Kibana alone.
  const { cert, key, ...proxyTls } = connect;
  return new ProxyAgent({ uri: proxyUrl, requestTls: connect, proxyTls });
}
