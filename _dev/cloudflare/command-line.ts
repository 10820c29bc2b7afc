import { type ParseArgsConfig, parseArgs } from 'node:util';
import { createClock } from './clock.ts';
import type { FaultOptions } from './faults.ts';
import type { CloudflareOptions } from './options.ts';
import { SWITCHES, type Switches } from './switches.ts';

/** What the command line asks for. */
export interface CommandLine {
  readonly help: boolean;
  readonly quiet: boolean;
  readonly options: CloudflareOptions;
  readonly faults: readonly FaultOptions[];
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  quiet: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  accounts: { type: 'string', default: '1' },
  zones: { type: 'string', default: '2' },
  'events-per-hour': { type: 'string', default: '60' },
  'lines-per-hour': { type: 'string', default: '3600' },
  'daily-swing': { type: 'string', default: '0' },
  start: { type: 'string' },
  speed: { type: 'string', default: '1' },
  'no-limits': { type: 'boolean', default: false },
  switch: { type: 'string', multiple: true, default: [] },
  fault: { type: 'string', multiple: true, default: [] },
} satisfies NonNullable<ParseArgsConfig['options']>;

const USAGE = `Runs a simulation of Cloudflare's API on the loopback interface until it is stopped.

  npx tsx _dev/cloudflare/main.ts [options]

  --port N             port (default: any free one)
  --seed N             everything generated depends on it (1)
  --accounts N         number of accounts (1)
  --zones N            number of zones, all in the first account (2)
  --events-per-hour N  audit events of each account (60)
  --lines-per-hour N   Logpull lines of each zone (3600)
  --daily-swing N      0: the same all day; up to 0.99: busy at 14:00 UTC, quiet at 02:00 (0)
  --start TIME         simulated time to start at, RFC 3339 (now)
  --speed N            simulated seconds per second (1)
  --no-limits          no rate limits
  --switch NAME=VALUE  see below; may be repeated
  --fault JSON         {"match":{"path":"audit_logs","nth":2,"times":1},"answer":"11_429_971_throttle"}; may be repeated
  --quiet              no line per request

Switches:
`;

/** The help text. */
export function renderHelp(): string {
  const switches = Object.entries(SWITCHES).map(([name, { default: value, question, values }]) => `  ${name}=${values} (${value})\n      ${question}\n`);
  return USAGE + switches.join('');
}

/**
 * Reads command line arguments.
 * @throws {Error} for an option, a number, a switch or a fault that is not understood
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const account = { auditEventsPerHour: toNumber(values, 'events-per-hour'), dailySwing: toNumber(values, 'daily-swing') };
  const zone = { linesPerHour: toNumber(values, 'lines-per-hour'), dailySwing: toNumber(values, 'daily-swing') };
  return {
    help: values.help,
    quiet: values.quiet,
    faults: values.fault.map((text) => JSON.parse(text) as FaultOptions),
    options: {
      port: toNumber(values, 'port'),
      seed: toNumber(values, 'seed'),
      clock: createClock({ speed: toNumber(values, 'speed'), ...(values.start === undefined ? {} : { start: toMoment(values.start) }) }),
      accounts: new Array(toNumber(values, 'accounts')).fill(account),
      zones: new Array(toNumber(values, 'zones')).fill(zone),
      switches: Object.assign({}, ...values.switch.map(readSwitch)),
      ...(values['no-limits'] ? { limits: 'off' as const } : {}),
    },
  };
}

function toNumber(values: Readonly<Record<string, unknown>>, name: string): number {
  const number = Number(values[name]);
  if (values[name] === '' || !(number >= 0)) throw new Error(`--${name} must be a number, not "${values[name]}"`);
  return number;
}

function toMoment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`--start must be a time such as 2026-11-20T00:00:00Z, not "${text}"`);
  return ms;
}

function readSwitch(text: string): Partial<Switches> {
  const [name = '', value = ''] = text.split('=');
  const described = Object.entries(SWITCHES).find(([known]) => known === name)?.[1];
  if (!described) throw new Error(`there is no switch "${name}"; there are: ${Object.keys(SWITCHES).join(', ')}`);
  const known = described.values.split('|');
  const isKnown = known.includes(value) || (known[0] === 'ms' && /^\d+$/.test(value));
  if (!isKnown) throw new Error(`switch ${name} is one of ${described.values}, not "${value}"`);
  return { [name]: toSwitchValue(value) };
}

function toSwitchValue(text: string): boolean | number | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}
