import { findProxies } from '../cloudflare/open-dispatcher.ts';
import { toProxySecrets } from '../cloudflare/secrets.ts';
import type { ElasticsearchCredential, Settings } from '../settings/settings.ts';
import type { CommandContext } from './context.ts';

/** Every secret text of the settings, and of the proxies that the environment names. */
export function toSecrets({ connections, elasticsearch, kibana }: Settings, env: CommandContext['env'] = {}): readonly string[] {
  const { httpProxy, httpsProxy } = findProxies({}, env);
  const proxies = [elasticsearch, kibana, ...connections].flatMap(({ proxyUrl }) => proxyUrl ?? []);
  return [
    ...[elasticsearch, kibana].flatMap(({ credential }) => ofStack(credential)),
    ...connections.map(({ credential }) => (credential.kind === 'token' ? credential.token : credential.key)),
    ...[...proxies, httpProxy, httpsProxy].flatMap(toProxySecrets),
  ];
}

/** With the forms that travel in headers. */
function ofStack(credential: ElasticsearchCredential): readonly string[] {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  switch (credential.kind) {
    case 'none':
      return [];
    case 'apiKey':
      return [credential.apiKey, encode(credential.apiKey)];
    case 'basic':
      return [credential.password, encode(`${credential.username}:${credential.password}`)];
  }
}
