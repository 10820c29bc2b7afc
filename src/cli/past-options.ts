import { type PlannedPartition, planPartitions } from '../collect/plan-partitions.ts';
import type { Window } from '../collect/ports.ts';
import { suggest } from '../definition/suggest.ts';
import { UsageError } from '../errors.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { Invocation, OptionValues } from './commands.ts';
import type { Opened } from './open-settings.ts';
import { parseMoment } from './parse-moment.ts';

/** What a command about a past interval was asked for. */
export interface PastOptions {
  /** In whole seconds; nothing is clamped yet. */
  readonly interval: Window;
  /** Names the interval the same way each time the command is started with the same arguments. */
  readonly mark: string;
  /** The partitions of the connection and the stream, and of the scopes where some are named. */
  readonly planned: readonly PlannedPartition[];
}

const FORMS = 'Write a time as 2026-11-01T08:00:00Z, a date as 2026-11-01, or how long ago it was as 7d or 12h.';
const SECOND_MS = 1_000;

/**
 * Reads `--connection`, `--stream`, `--scope`, `--from` and `--to`.
 * @throws UsageError with what was meant, where one of them is missing or names nothing
 */
export function readPastOptions({ options }: Invocation, opened: Opened, now: number): PastOptions {
  const connection = chooseConnection(options, opened);
  const stream = choose('stream', options.stream, { names: connection.streams.map((given) => given.stream), of: `connection ${connection.name}` });
  const streams = connection.streams.filter((given) => given.stream === stream);
  const planned = planPartitions([{ ...connection, streams }], opened.definition);
  return { interval: readInterval(options, now), mark: `${String(options.from)}..${String(options.to)}`, planned: chooseScopes(planned, options.scope) };
}

function chooseConnection(options: OptionValues, { settings }: Opened): ConnectionSettings {
  const names = settings.connections.map(({ name }) => name);
  const chosen = choose('connection', options.connection, { names, of: 'the settings' });
  return settings.connections.find(({ name }) => name === chosen) as ConnectionSettings;
}

interface Known {
  readonly names: readonly string[];
  /** Whose names they are. */
  readonly of: string;
}

function choose(option: string, given: OptionValues[string], { names, of }: Known): string {
  if (typeof given === 'string' && names.includes(given)) return given;
  const list = names.length === 0 ? `There is none in ${of}.` : `There are: ${names.join(', ')}.`;
  if (given === undefined) throw new UsageError(`which ${option} is not said`, { hint: `Add --${option} NAME. ${list}` });
  throw new UsageError(`${String(given)} is no ${option} of ${of}`, { hint: `${suggest(String(given), names)}${list}` });
}

function chooseScopes(planned: readonly PlannedPartition[], given: OptionValues[string]): readonly PlannedPartition[] {
  const scopes = given === undefined ? [] : [given].flat().map(String);
  const names = [...new Set(planned.map(({ partition }) => partition.scopeId))];
  const stream = planned[0]?.partition.stream ?? '';
  for (const scope of scopes) choose('scope', scope, { names, of: `the stream ${stream} in the settings` });
  return scopes.length === 0 ? planned : planned.filter(({ partition }) => scopes.includes(partition.scopeId));
}

function readInterval(options: OptionValues, now: number): Window {
  const [from, to] = [readMoment('from', options.from, now), readMoment('to', options.to, now)];
  if (from >= to) {
    throw new UsageError(`--from ${String(options.from)} is not before --to ${String(options.to)}`, {
      hint: `Exchange them, or correct one. ${FORMS}`,
    });
  }
  if (from > now) throw new UsageError(`--from ${String(options.from)} lies in the future`, { hint: `Name a time in the past. ${FORMS}` });
  return { since: Math.floor(from / SECOND_MS) * SECOND_MS, before: Math.ceil(to / SECOND_MS) * SECOND_MS };
}

function readMoment(option: string, given: OptionValues[string], now: number): number {
  if (given === undefined) throw new UsageError(`--${option} is not given`, { hint: `Add --${option} TIME. ${FORMS}` });
  const moment = parseMoment(String(given), now);
  if (moment === undefined) throw new UsageError(`--${option} ${String(given)} is no time`, { hint: FORMS });
  return moment;
}
