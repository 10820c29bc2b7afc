import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchOptions {
  readonly help: boolean;
  readonly json: boolean;
  /** Measure CPU time, too. */
  readonly cpu: boolean;
  /** Also print what each processor costs. */
  readonly processors: boolean;
  readonly folders: readonly string[];
  /** A file of events, or the name of a declared data stream; undefined: the data stream that each folder lies in. */
  readonly events: string | undefined;
  /** `_conf` of the events of a file, as JSON. */
  readonly conf: string;
  /** Events of each pipeline in each round. */
  readonly count: number;
  readonly rounds: number;
  /** Events that each pipeline gets before the first round. */
  readonly warmup: number;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  'no-cpu': { type: 'boolean', default: false },
  processors: { type: 'boolean', default: false },
  events: { type: 'string' },
  conf: { type: 'string', default: '{}' },
  count: { type: 'string', default: '5000' },
  rounds: { type: 'string', default: '11' },
  warmup: { type: 'string', default: '120000' },
} satisfies NonNullable<ParseArgsConfig['options']>;

/** The help text. */
export const USAGE = `Usage: npm run bench:pipeline -- FOLDER [FOLDER...] [options]

Measures what ingest pipelines cost an Elasticsearch. A FOLDER is a data stream's elasticsearch/ingest_pipeline: default.yml and the pipelines beside it
that it calls; ours (after npm run build) or any other package's. All folders, a yardstick (rename message, parse it with the json processor, remove the
result) and a bulk without a pipeline take turns with the same events, so that a busy machine is as busy for all.

Per event: the ingest clock of _nodes/stats, and the CPU time of the node's process less that of the same bulk without a pipeline. The ratio is that of
the ingest clock to the yardstick's in the same round: median, and in brackets the quarter and three-quarter marks.

Options:
  --events WHAT   a file of records as Cloudflare sends them, one JSON text a line; a file of {"events": [...]} as elastic-package has them;
                  or audit or logpull: events of the simulated API (default: by the folder's data_stream/NAME)
  --conf JSON     what the sender adds as _conf to records of a file (default {})
  --count N       events of each pipeline in each round (default ${OPTIONS.count.default})
  --rounds N      rounds (default ${OPTIONS.rounds.default})
  --warmup N      events of each pipeline before the first round; Java takes seconds to compile a long script (default ${OPTIONS.warmup.default})
  --no-cpu        only the ingest clock, which takes a tenth of the time
  --processors    what each processor costs
  --json          one line of JSON instead of the table
  --help          show this

The engine: DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME or Docker. One that nobody else uses gives the better CPU times.`;

/**
 * Reads command line arguments.
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a number that is none, or without a folder
 */
export function readCommandLine(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (!values.help && positionals.length === 0) throw new RangeError('name at least one folder of pipelines');
  return {
    help: values.help,
    json: values.json,
    cpu: !values['no-cpu'],
    processors: values.processors,
    events: values.events,
    conf: values.conf,
    folders: positionals,
    count: toNumber('count', values.count),
    rounds: toNumber('rounds', values.rounds),
    warmup: toNumber('warmup', values.warmup, 0),
  };
}

function toNumber(name: string, text: string, least = 1): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new RangeError(`--${name} ${text} is no whole number of at least ${least}`);
  return number;
}
