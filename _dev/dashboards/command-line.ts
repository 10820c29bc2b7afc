import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the command line asks for. */
export interface DashboardsOptions {
  readonly help: boolean;
  /** Folder for the pages. */
  readonly out: string;
  /** Folder for pictures; undefined: none are taken. */
  readonly pictures: string | undefined;
  /** How much traffic there is to look at. */
  readonly hours: number;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  out: { type: 'string', default: 'build/dashboards' },
  pictures: { type: 'string' },
  hours: { type: 'string', default: '6' },
} satisfies NonNullable<ParseArgsConfig['options']>;

const MOST_HOURS = 160;

/** The help text. */
export const USAGE = `Usage: npm run dashboards -- [options]

Shows the package's dashboards without Kibana: starts an Elasticsearch and a simulated Cloudflare API on this machine, collects a week of audit events and
some hours of HTTP request logs, asks Elasticsearch what each panel of the compiled dashboards asks, and writes a page for each dashboard. The pages need no
network. At the end nothing is left running.

Options:
  --out FOLDER       where the pages go (default ${OPTIONS.out.default})
  --pictures FOLDER  takes a picture of each page as well, for the package: img; needs Chromium, the one that CHROMIUM names, else chromium on the path
  --hours N          hours of HTTP request logs (default ${OPTIONS.hours.default}); each takes about 8 s from the seventh on, as Cloudflare limits the requests
  --help             show this

The engine: DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME, Docker, or the server core from Maven Central.`;

/**
 * Reads command line arguments.
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a value that is none
 */
export function readCommandLine(args: readonly string[]): DashboardsOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const hours = Number(values.hours);
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS) throw new RangeError(`--hours ${values.hours} is no whole number from 1 to ${MOST_HOURS}`);
  return { help: values.help, out: values.out, pictures: values.pictures, hours };
}
