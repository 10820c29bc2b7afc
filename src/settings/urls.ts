import type { Report } from './to-settings.ts';

function toUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Cloudflare's address without a closing slash; a credential travels to it, so plain http is for loopback only. */
export function toHttpsUrl(value: unknown, report: Report): string {
  const text = String(value ?? '');
  const url = toUrl(text);
  if (url === undefined) report('.api_url', 'this is no http or https address', 'Write https://api.cloudflare.com/client/v4, or leave api_url out.');
  else if (url.username !== '' || url.password !== '') report('.api_url', 'the address holds a credential', 'Set api_token instead.');
  else if (url.protocol === 'http:' && !isLoopback(url))
    report('.api_url', 'plain http is for loopback only: the credential would be readable on the way', 'Use https.');
  return text.replace(/\/+$/, '');
}

/** The address of a proxy, which may hold a user name and a password; nothing where none is given. */
export function toProxyUrl(value: unknown, report: Report): { readonly proxyUrl?: string } {
  if (typeof value !== 'string' || value === '') return {};
  if (toUrl(value) !== undefined) return { proxyUrl: value };
  report(
    '.proxy_url',
    'this is no address of a proxy',
    'Write http://HOST:PORT, with USER:PASSWORD@ before the host if needed; special characters of them as %XX.',
  );
  return {};
}

/** Elasticsearch's address: `url`, or what `cloud_id` stands for. */
export function toElasticsearchUrl(given: Readonly<Record<string, unknown>>, report: Report): string {
  const { url, cloud_id: cloudId } = given;
  const [hasUrl, hasCloudId] = [url, cloudId].map((value) => typeof value === 'string' && value !== '');
  if (hasUrl === hasCloudId) {
    report('elasticsearch', hasUrl ? 'url and cloud_id are both given' : 'neither url nor cloud_id is given', 'Set one of them.');
    return '';
  }
  const text = hasUrl ? String(url) : (fromCloudId(String(cloudId)) ?? '');
  const path = hasUrl ? 'elasticsearch.url' : 'elasticsearch.cloud_id';
  const parsed = toUrl(text);
  if (parsed === undefined) report(path, 'this names no http or https address', 'Copy it from the deployment, e.g. https://127.0.0.1:9200.');
  else if (parsed.username !== '' || parsed.password !== '') report(path, 'the address holds a credential', 'Set username and password instead.');
  return text.replace(/\/+$/, '');
}

/** Kibana's address without a closing slash; nothing where none is given. */
export function toKibanaUrl(value: unknown, report: Report): { readonly url?: string } {
  if (typeof value !== 'string' || value === '') return {};
  const url = toUrl(value);
  if (url === undefined) report('.url', 'this is no http or https address', 'Write it as https://HOST:PORT, with the base path of Kibana where it has one.');
  else if (url.username !== '' || url.password !== '') report('.url', 'the address holds a credential', 'Set api_key, or username and password, instead.');
  return { url: value.replace(/\/+$/, '') };
}

/** `NAME:base64(HOST$ELASTICSEARCH$KIBANA)`; see https://www.elastic.co/docs/deploy-manage/deploy/elastic-cloud/find-cloud-id */
function fromCloudId(cloudId: string): string | undefined {
  const encoded = cloudId.slice(cloudId.lastIndexOf(':') + 1);
  const [host, id] = Buffer.from(encoded, 'base64').toString('utf8').split('$');
  if (!host || !id) return undefined;
  const [name, port] = host.split(':');
  return `https://${id}.${name}${port === undefined ? '' : `:${port}`}`;
}
