import type { CommandContext } from './context.ts';
import type { ExitCode } from './exit-code.ts';

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

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
  /** Arguments in their order: `<name>` has to be given, `[name]` may be left out. */
  readonly args?: readonly { readonly name: string; readonly description: string; readonly choices?: readonly string[] }[];
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

const fleet: OptionDeclaration = {
  flags: '--fleet [url]',
  description: "take connections from the integration policies of Kibana too; without a URL, of the settings' kibana.url",
};

/** What a past interval is named with. */
const past: readonly OptionDeclaration[] = [
  { flags: '--connection <name>', description: 'connection of the settings' },
  { flags: '--stream <name>', description: 'data stream that the connection collects' },
  { flags: '--from <time>', description: 'start: RFC 3339, a date, or how long ago, such as 7d' },
  { flags: '--to <time>', description: 'end, not included; now for all that there is' },
  { flags: '--scope <id...>', description: 'only these of its accounts or zones' },
];

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
    summary: 'put templates and ingest pipelines into Elasticsearch, or the package into Kibana',
    description:
      "Puts index templates, component templates and ingest pipelines into the settings' Elasticsearch, under the names Kibana would use. " +
      'With --kibana the package is uploaded to Kibana instead, which installs it with its form and dashboards, and each connection of the settings becomes an integration policy. ' +
      'With Kibana, install comes first and collecting after.',
    options: [
      config,
      { flags: '--kibana [url]', description: "install through Kibana; without a URL, through the settings' kibana.url" },
      { flags: '--agent-policy <id or name>', description: 'with --kibana: the agent policy that the new integration policies belong to' },
      { flags: '--package-only', description: 'with --kibana: make no integration policies' },
      { flags: '--update-policies', description: "with --kibana: give integration policies that are there the settings' values" },
      {
        flags: '--without-secrets',
        description: 'with --kibana: leave credentials out of integration policies; collect --fleet takes them from the environment',
      },
      { flags: '--print-roles', description: 'print the roles that installing and collecting need, and do nothing' },
    ],
    examples: [
      'install',
      'install --config production.yml',
      'install --kibana https://kibana.example.com:5601 --package-only',
      'install --kibana https://kibana.example.com:5601 --agent-policy Collectors',
      'install --print-roles',
    ],
    load: async () => (await import('./commands/install.ts')).runInstall,
  },
  {
    name: 'uninstall',
    summary: 'remove templates and ingest pipelines from Elasticsearch, or the package from Kibana',
    description: 'Removes what install has put there. The collected events stay.',
    options: [
      config,
      { flags: '--delete-data', description: 'delete the collected events as well' },
      { flags: '--kibana [url]', description: "remove the package from Kibana; without a URL, from the settings' kibana.url" },
      { flags: '--delete-policies', description: 'with --kibana: delete its integration policies too' },
    ],
    examples: ['uninstall', 'uninstall --delete-data', 'uninstall --kibana https://kibana.example.com:5601 --delete-policies'],
    load: async () => (await import('./commands/uninstall.ts')).runUninstall,
  },
  {
    name: 'check',
    summary: 'try settings, credentials and rights without collecting',
    description: 'Checks the settings, each credential, one record of each stream and account or zone, and the right to write.',
    options: [config, fleet],
    examples: ['check', 'check --config production.yml', 'check --fleet https://kibana.example.com:5601'],
    load: async () => (await import('./commands/check.ts')).runCheck,
  },
  {
    name: 'collect',
    summary: 'fetch events from Cloudflare and index them',
    description: 'Fetches events from Cloudflare and indexes them; runs until it is stopped, or with --once until it has caught up.',
    options: [
      config,
      fleet,
      { flags: '--once', description: 'work through every window up to now, then exit' },
      { flags: '--json', description: 'print the totals as one line of JSON at the end' },
    ],
    examples: ['collect', 'collect --once --json', 'collect --fleet https://kibana.example.com:5601'],
    load: async () => (await import('./commands/collect.ts')).runCollect,
  },
  {
    name: 'backfill',
    summary: 'collect a past interval',
    description: 'Collects a past interval beside live collection, whose checkpoints it never moves. Started again with the same arguments it goes on.',
    options: [
      config,
      fleet,
      ...past,
      { flags: '--restart', description: 'begin anew, whatever an earlier start of the same backfill has done' },
      { flags: '--json', description: 'print the totals as one line of JSON at the end' },
    ],
    examples: ['backfill --connection main --stream audit --from 2026-01-01 --to 2026-02-01', 'backfill --connection main --stream logpull --from 7d --to now'],
    load: async () => (await import('./commands/backfill.ts')).runBackfill,
  },
  {
    name: 'verify',
    summary: 'compare what is stored with Cloudflare',
    description: 'Reads a past interval from Cloudflare again and lists which ids are missing in Elasticsearch, and which Cloudflare gives no longer.',
    options: [
      config,
      fleet,
      ...past,
      { flags: '--refill', description: 'send what is missing, and compare again' },
      { flags: '--json', description: 'print every finding, window and the sums as lines of JSON' },
    ],
    examples: [
      'verify --connection main --stream audit --from 7d --to now',
      'verify --connection main --stream audit --from 2026-01-01 --to 2026-02-01 --refill',
    ],
    load: async () => (await import('./commands/verify.ts')).runVerify,
  },
  {
    name: 'state',
    summary: 'look at checkpoints, reset them, move them',
    description:
      'Shows how far each partition is settled, also while collectors run; forgets checkpoints; writes them to a file and reads them from one, ' +
      'also to move from the state folder to Elasticsearch or back.',
    args: [
      { name: '<action>', description: 'what to do', choices: ['list', 'show', 'reset', 'export', 'import'] },
      { name: '[target]', description: 'key of a partition for show and reset, file for export and import' },
    ],
    options: [
      config,
      { flags: '--json', description: 'list: print JSON' },
      { flags: '--all', description: 'reset: every partition' },
      { flags: '--yes', description: 'reset: do it; without, it is only said what would be forgotten' },
      { flags: '--force', description: 'import: also what is older than what is stored, or about another cluster; reset: also what a collector works on' },
    ],
    examples: [
      'state list',
      'state show main/default/audit/v1/0123456789abcdef0123456789abcdef',
      'state reset --all --yes',
      'state export state.json',
      'state import state.json',
    ],
    load: async () => (await import('./commands/state.ts')).runState,
  },
  {
    name: 'status',
    summary: 'show how far every partition is, and what needs somebody',
    description: 'Shows what collectors have saved of each partition: lag, last event, gaps, dead letters, why one is paused and when it is tried again.',
    options: [
      config,
      { flags: '--json', description: 'print it as one line of JSON' },
      fleet,
      { flags: '--connection <name>', description: 'only what this connection collects' },
    ],
    examples: ['status', 'status --connection main', 'status --json'],
    load: async () => (await import('./commands/status.ts')).runStatus,
  },
  {
    name: 'dlq',
    summary: 'list and replay the records that could not be stored',
    description:
      'list shows the dead letters of the state folder, of the collector data stream and of the failure stores, and counts their reasons. replay sends them again under the same ids: what is stored then leaves the file, what fails again stays with its newest reason.',
    args: [{ name: '<action>', description: 'list or replay' }],
    options: [
      config,
      fleet,
      { flags: '--stream <name>', description: 'only letters of this data stream' },
      { flags: '--connection <name>', description: 'only letters of this connection' },
      { flags: '--id <id...>', description: 'replay: only the letters with these document ids' },
      { flags: '--dry-run', description: 'replay: show what would be sent again, and do nothing' },
      { flags: '--limit <number>', description: 'list: how many letters to show, the newest; by default 50' },
      { flags: '--json', description: 'print one line of JSON' },
    ],
    examples: ['dlq list', 'dlq list --stream audit --limit 10', 'dlq replay --dry-run', 'dlq replay --stream logpull'],
    load: async () => (await import('./commands/dlq.ts')).runDlq,
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
