import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the command line asks for. */
export interface FuzzOptions {
  readonly help: boolean;
  readonly count: number;
  readonly seed: number;
  /** Names of data streams; empty: all. */
  readonly streams: readonly string[];
  /** Folder for failing events. */
  readonly out: string | undefined;
  /** Backend to plant a fault in. */
  readonly plant: 'server' | 'edge' | undefined;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  count: { type: 'string', default: '20000' },
  seed: { type: 'string', default: '1' },
  stream: { type: 'string', multiple: true, default: [] },
  out: { type: 'string' },
  plant: { type: 'string' },
} satisfies NonNullable<ParseArgsConfig['options']>;

/** The help text. */
export const USAGE = `Usage: npm run fuzz -- [options]

Runs made-up events through both backends of every declared data stream, Elasticsearch's ingest pipeline and the one in this process, and compares the
documents. Only what Elasticsearch looks up (geo, as, user_agent) may differ. Failing events are made small and kept as fixtures, which the tests replay.

Options:
  --count N       events, spread over the data streams (default ${OPTIONS.count.default})
  --seed N        the same seed gives the same events (default ${OPTIONS.seed.default})
  --stream NAME   only this data stream; may be repeated
  --out FOLDER    where failing events go (default test/pipeline/fuzz-cases)
  --plant WHERE   plants a fault in one backend (server or edge), to see that it is found
  --help          show this

Exit code 1 where documents differ. The engine: DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME or Docker.`;

/**
 * Reads command line arguments.
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a value that is none
 */
export function readCommandLine(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { plant } = values;
  if (plant !== undefined && plant !== 'server' && plant !== 'edge') throw new RangeError(`--plant ${plant} is neither server nor edge`);
  return {
    help: values.help,
    count: toNumber('count', values.count, 1),
    seed: toNumber('seed', values.seed, 0),
    streams: values.stream,
    out: values.out,
    plant,
  };
}

function toNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new RangeError(`--${name} ${text} is no whole number of at least ${least}`);
  return number;
}
