import type { CommandContext } from './context.ts';
import type { ExitCode } from './exit-code.ts';

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command line, taken apart. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: OptionValues;
}

/** Runs a command and says how the process ends. */
export type RunCommand = (invocation: Invocation, context: CommandContext) => Promise<ExitCode>;

export interface CommandDeclaration {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly args?: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionDeclaration[];
  /** Command lines without the program's name. */
  readonly examples: readonly string[];
  /** Imported when it runs, so that help and mistakes answer at once. */
  readonly load: () => Promise<RunCommand>;
}

export interface OptionDeclaration {
  readonly flags: string;
  readonly description: string;
  readonly fallback?: string;
  readonly choices?: readonly string[];
}

/** The settings file that is read where none is named. */
export const SETTINGS_FILE = 'cloudflare-integration.yml';

const config: OptionDeclaration = { flags: '--config <file>', description: 'settings file', fallback: SETTINGS_FILE };

/** Every command of the program, in the order of the help. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'build',
    summary: 'compile the declarations into an Elastic package',
    description: 'Compiles manifest.yml, data_stream/ and docs/ into an Elastic integration package, as folder and zip.',
    options: [config, { flags: '--out <folder>', description: 'where to write', fallback: 'build' }],
    examples: ['build', 'build --out /tmp/package'],
    load: async () => (await import('./commands/build.ts')).runBuild,
  },
  {
    name: 'install',
    summary: 'put templates and ingest pipelines into Elasticsearch',
    description: "Puts index templates, component templates and ingest pipelines into the settings' Elasticsearch, under the names Kibana would use.",
    options: [config, { flags: '--print-roles', description: 'print the roles that installing and collecting need, and do nothing' }],
    examples: ['install', 'install --config production.yml', 'install --print-roles'],
    load: async () => (await import('./commands/install.ts')).runInstall,
  },
  {
    name: 'uninstall',
    summary: 'remove templates and ingest pipelines from Elasticsearch',
    description: 'Removes what install has put there. The collected events stay.',
    options: [config, { flags: '--delete-data', description: 'delete the collected events as well' }],
    examples: ['uninstall', 'uninstall --delete-data'],
    load: async () => (await import('./commands/uninstall.ts')).runUninstall,
  },
  {
    name: 'check',
    summary: 'try settings, credentials and rights without collecting',
    description: 'Checks the settings, each credential, one record of each stream and account or zone, and the right to write.',
    options: [config],
    examples: ['check', 'check --config production.yml'],
    load: async () => (await import('./commands/check.ts')).runCheck,
  },
  {
    name: 'collect',
    summary: 'fetch events from Cloudflare and index them',
    description: 'Fetches events from Cloudflare and indexes them; runs until it is stopped, or with --once until it has caught up.',
    options: [
      config,
      { flags: '--once', description: 'work through every window up to now, then exit' },
      { flags: '--json', description: 'print the totals as one line of JSON at the end' },
    ],
    examples: ['collect', 'collect --once --json'],
    load: async () => (await import('./commands/collect.ts')).runCollect,
  },
  {
    name: 'preview',
    summary: 'show the documents that raw records become, without a server',
    description: 'Runs raw records (a page, a list, or one record per line; - reads standard input) through the mapping and prints the documents.',
    args: [{ name: '<file>', description: 'file with raw records' }],
    options: [
      { ...config, description: 'settings file; only its elasticsearch.geoip is read, and it need not exist' },
      { flags: '--stream <name>', description: 'data stream whose mapping to use' },
      { flags: '--source <name>', description: 'source of the records; by default the first that the stream declares' },
      { flags: '--scope-id <id>', description: 'account or zone of the records', fallback: '00000000000000000000000000000000' },
    ],
    examples: ['preview records.ndjson --stream audit', 'preview page.json --stream audit', 'zcat logs.gz | cloudflare-integration preview - --stream logpull'],
    load: async () => (await import('./commands/preview.ts')).runPreview,
  },
];
