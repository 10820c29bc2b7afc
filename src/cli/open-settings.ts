import { basename, resolve } from 'node:path';
import type { PackageDefinition } from '../definition/definition.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings.ts';
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
  const settings = await loadSettings(path, context.env, definition);
  const log = openLog({ stream: context.stderr, now: () => new Date(), secrets: toSecrets(settings) });
  return { definition, settings, file: basename(path), log, userAgent: `cloudflare-integration/${definition.version}` };
}

/** Every secret text of the settings. */
export function toSecrets({ elasticsearch, connections }: Settings): readonly string[] {
  const ofElasticsearch = elasticsearch.credential;
  const own = ofElasticsearch.kind === 'apiKey' ? [ofElasticsearch.apiKey] : ofElasticsearch.kind === 'basic' ? [ofElasticsearch.password] : [];
  return [...own, ...connections.map(({ credential }) => (credential.kind === 'token' ? credential.token : credential.key))];
}
