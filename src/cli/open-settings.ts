import { basename, dirname, resolve } from 'node:path';
import type { PackageDefinition } from '../definition/definition.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { Invocation } from './commands.ts';
import type { CommandContext } from './context.ts';
import { type Log, openLog } from './log.ts';
import { type OpenedFleet, openFleet } from './open-fleet.ts';
import { toSecrets } from './to-secrets.ts';

/** What nearly every command begins with. */
export interface Opened {
  readonly definition: PackageDefinition;
  readonly settings: Settings;
  /** Name of the settings file, for faults. */
  readonly file: string;
  readonly log: Log;
  /** Names this program to Elasticsearch, Cloudflare and Kibana. */
  readonly userAgent: string;
  /** Where `--fleet` asks for the connections that people have typed in Kibana. */
  readonly fleet?: OpenedFleet;
}

interface OpenSettingsOptions {
  /** Whether the command can do without. @default not, unless it asks Kibana for them */
  readonly connections?: 'optional';
}

/**
 * The declarations, the settings of `--config` with the connections of `--fleet`, and a log that knows their secrets.
 * @throws DefinitionError, SettingsError; UsageError, KibanaError where `--fleet` cannot be asked
 */
export async function openSettings({ options }: Invocation, context: CommandContext, { connections }: OpenSettingsOptions = {}): Promise<Opened> {
  const definition = await readDefinition(context.projectFolder);
  const path = resolve(context.cwd, String(options.config));
  const { fleet } = options;
  const needs = connections ?? (fleet === undefined ? 'required' : 'optional');
  const settings = await loadSettings(path, { env: context.env, definition, connections: needs });
  const secrets: string[] = [];
  const hide = (given: readonly string[]): void => {
    // They are given again with each look at Kibana.
    const more = [...new Set(given)].filter((secret) => !secrets.includes(secret));
    secrets.push(...more);
    if (more.length > 0) context.addSecrets?.(more);
  };
  hide(toSecrets(settings, context.env));
  const log = openLog({ stream: context.stderr, now: () => new Date(), secrets });
  const opened = { definition, settings, file: basename(path), log, userAgent: `cloudflare-integration/${definition.version}` };
  if (fleet === undefined) return opened;
  return openFleet({ ...opened, hide, folder: dirname(path), address: typeof fleet === 'string' ? fleet : undefined }, context);
}
