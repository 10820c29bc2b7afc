import { closest } from 'fastest-levenshtein';
import type { StoredDeadLetter } from '../elasticsearch/dead-letter-line.ts';
import { UsageError } from '../errors.ts';
import type { Invocation } from './commands.ts';
import type { Opened } from './open-settings.ts';

const actions = ['list', 'replay'] as const;

/** What a `dlq` command line asks for. */
export interface DlqOptions {
  readonly action: (typeof actions)[number];
  readonly stream: string | undefined;
  readonly connection: string | undefined;
  /** Document ids; every letter where there are none. */
  readonly ids: readonly string[];
  /** How many letters are shown. */
  readonly limit: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const DEFAULT_LIMIT = 50;

/** Options of one action that the other does not take. */
const only = { limit: 'list', id: 'replay', dryRun: 'replay' } as const;

/**
 * Reads the command line; names are those of the declarations and settings.
 * @throws UsageError
 */
export function toDlqOptions({ args, options }: Invocation, { definition, settings }: Pick<Opened, 'definition' | 'settings'>): DlqOptions {
  const action = toKnown(args[0], { what: 'an action of dlq', known: actions }) as DlqOptions['action'];
  for (const [name, owner] of Object.entries(only)) {
    if (options[name] !== undefined && action !== owner) {
      const flag = `--${name === 'dryRun' ? 'dry-run' : name}`;
      throw new UsageError(`dlq ${action} does not take ${flag}`, { hint: `Leave ${flag} out, or run dlq ${owner}.` });
    }
  }
  const streams = definition.streams.map(({ name }) => name);
  const connections = settings.connections.map(({ name }) => name);
  return {
    action,
    stream: options.stream === undefined ? undefined : toKnown(options.stream, { what: 'a data stream', known: streams }),
    connection: options.connection === undefined ? undefined : toKnown(options.connection, { what: 'a connection of the settings', known: connections }),
    ids: Array.isArray(options.id) ? options.id : [],
    limit: options.limit === undefined ? DEFAULT_LIMIT : toLimit(String(options.limit)),
    dryRun: options.dryRun === true,
    json: options.json === true,
  };
}

/** Tells whether the command line asks for a letter. */
export function createWants({ stream, connection, ids }: DlqOptions): (letter: StoredDeadLetter) => boolean {
  const wanted = new Set(ids);
  return (letter) =>
    (stream === undefined || letter.stream === stream) &&
    (connection === undefined || letter.connection === connection) &&
    (wanted.size === 0 || wanted.has(letter.id));
}

function toKnown(given: unknown, { what, known }: { readonly what: string; readonly known: readonly string[] }): string {
  const name = String(given);
  if (known.includes(name)) return name;
  throw new UsageError(`${name} is not ${what}`, { hint: `Did you mean ${closest(name, known)}? There are: ${known.join(', ')}.` });
}

function toLimit(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--limit ${text} is no number of letters`, { hint: 'Give a whole number from 1 up.' });
}
