import { parseDuration } from '../definition/duration.ts';
import { toElasticsearchCredential } from './credentials.ts';
import type { KibanaSettings } from './settings.ts';
import type { JsonSchema } from './settings-schema.ts';
import type { Report, SettingsPlace } from './to-settings.ts';
import { toSsl } from './to-ssl.ts';
import { toKibanaUrl, toProxyUrl } from './urls.ts';

/** The section `kibana` of a settings file. */
export type KibanaFile = Readonly<Record<string, unknown>>;

/** The keys of that section, with `ssl` as elsewhere. */
export function toKibanaKeys(ssl: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const text = { type: 'string' } as const;
  return {
    url: { ...text, description: 'Address, e.g. https://kibana.example.com:5601; --kibana URL and --fleet URL replace it.' },
    api_key: { ...text, description: 'Encoded API key.' },
    username: text,
    password: text,
    space: { ...text, pattern: '^[a-z0-9_-]+$', description: 'Id of the space; the default one without it.' },
    proxy_url: { ...text, description: 'Address of an HTTP proxy on the way to Kibana.' },
    ssl,
    interval: { ...text, pattern: '^([0-9]+(ms|s|m|h|d))+$', description: 'How often --fleet asks for the integration policies. By default 1m.' },
  };
}

const DEFAULT_INTERVAL_MS = 60_000;

/** How Kibana is reached; faults are reported below `kibana`. */
export function toKibanaSettings(given: KibanaFile, place: SettingsPlace, report: Report): KibanaSettings {
  const at: Report = (path, ...rest) => report(`kibana${path}`, ...rest);
  const { space, interval } = given;
  const intervalMs = parseDuration(String(interval ?? '')) ?? DEFAULT_INTERVAL_MS;
  if (intervalMs < 1_000) at('.interval', 'this is more often than once a second', 'Write 1m; the default is 1m.');
  return {
    ...toKibanaUrl(given.url, at),
    credential: toElasticsearchCredential(given, report, 'kibana'),
    ...(typeof space === 'string' && space !== '' ? { space } : {}),
    ...toProxyUrl(given.proxy_url, at),
    ssl: toSsl(given.ssl, place),
    intervalMs,
  };
}
