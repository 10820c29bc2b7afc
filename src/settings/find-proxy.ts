import { SettingsError } from '../errors.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to an address: that of the settings, which has no exceptions, or else that of the environment (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `NO_PROXY`, or in lower case); undefined where the way is direct.
 * @throws SettingsError when the environment's is no address
 */
export function findProxy(address: string, proxyUrl: string | undefined, env: Environment): string | undefined {
  if (proxyUrl !== undefined) return proxyUrl;
  const url = new URL(address);
  const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = names.find((candidate) => given(env[candidate]) !== undefined);
  const proxy = name === undefined ? undefined : env[name];
  if (name === undefined || proxy === undefined || isExcepted(url, given(env.no_proxy) ?? env.NO_PROXY ?? '')) return undefined;
  if (URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)) return proxy;
  const hint = 'Write it as http://HOST:PORT, with USER:PASSWORD@ before the host if needed, or set proxy_url in the settings.';
  throw new SettingsError([{ file: 'environment', path: name, message: 'this is no address of a proxy', hint }]);
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** As curl reads it: `*`, or hosts with their subdomains, each with a port if only that one is meant; a leading dot or `*.` says the same. */
function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const asked = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, bracketed, named, only] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
      const wanted = (bracketed ?? named ?? entry).replace(/^\*?\./, '');
      return (only === undefined || only === asked) && (host === wanted || host.endsWith(`.${wanted}`));
    });
}
