import { basename, resolve } from 'node:path';
import { findProxies } from '../cloudflare/open-dispatcher.ts';
import { toProxySecrets } from '../cloudflare/secrets.ts';
import type { PackageDefinition } from '../definition/definition.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { ElasticsearchCredential, Settings } from '../settings/settings.ts';
import type { Invocation } from './commands.ts';
import type { CommandContext } from './context.ts';
import { type Log, openLog } from './log.ts';

/** What nearly every command begins with. */
export interface Opened {
  readonly definition: PackageDefinition;
  readonly settings: Settings;
  /** Name of the settings file, for faults. */
  readonly file: string;
  readonly log: Log;
  /** Names this program to Elasticsearch and Cloudflare. */
  readonly userAgent: string;
}

/**
 * The declarations, the settings of `--config`, and a log that knows the settings' secrets.
 * @throws DefinitionError, SettingsError
 */
export async function openSettings({ options }: Invocation, context: CommandContext): Promise<Opened> {
  const definition = await readDefinition(context.projectFolder);
  const path = resolve(context.cwd, String(options.config));
  const settings = await loadSettings(path, { env: context.env, definition });
  const secrets = toSecrets(settings, context.env);
  context.addSecrets?.(secrets);
  const log = openLog({ stream: context.stderr, now: () => new Date(), secrets });
  return { definition, settings, file: basename(path), log, userAgent: `cloudflare-integration/${definition.version}` };
}

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
