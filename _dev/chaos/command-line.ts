import { type ParseArgsConfig, parseArgs } from 'node:util';
import { PARTS, type PartName } from './part.ts';

/** What the command line asks for. */
export interface ChaosOptions {
  readonly help: boolean;
  readonly seed: number;
  /** A few minutes in place of an hour. */
  readonly short: boolean;
  /** @default all */
  readonly only: readonly PartName[];
  /** How many processes are killed; undefined: as many as the length of the run asks for. */
  readonly kills: number | undefined;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  seed: { type: 'string', default: '1' },
  short: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] },
  kills: { type: 'string' },
} satisfies NonNullable<ParseArgsConfig['options']>;

/** The help text. */
export const USAGE = `Usage: npm run chaos -- [options]

Collects under faults, with the real program as processes of their own, a real Elasticsearch and a simulated Cloudflare, and compares what is stored with
what the simulation holds, by id and content. Prints what it did and what it saw; any loss, any double and any wrong act fails.

Parts:
${PARTS.map(({ name, title }) => `  ${name.padEnd(11)} ${title}`).join('\n')}

Options:
  --seed N        the same seed draws the same moments and faults (default ${OPTIONS.seed.default})
  --short         a few minutes instead of an hour
  --only PART     only this part; may be repeated
  --kills N       how many processes are killed (default 1000, or 24 with --short)
  --help          show this

Exit code 1 where anything is violated. The engine: DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME or Docker.`;

/**
 * Reads command line arguments.
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a value that is none
 */
export function readCommandLine(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  return {
    help: values.help,
    short: values.short,
    seed: toNumber('seed', values.seed, 0),
    only: values.only.map(toPart),
    kills: values.kills === undefined ? undefined : toNumber('kills', values.kills, 1),
  };
}

function toPart(name: string): PartName {
  const part = PARTS.find((known) => known.name === name);
  if (part === undefined) throw new RangeError(`--only ${name} is no part; there are ${PARTS.map((known) => known.name).join(', ')}`);
  return part.name;
}

function toNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new RangeError(`--${name} ${text} is no whole number of at least ${least}`);
  return number;
}
